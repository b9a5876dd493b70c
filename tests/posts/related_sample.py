"""Posts of a blog about harmless things in several languages and scripts, the same each time."""

import random
from collections.abc import Mapping
from typing import Any, Final

TOPICS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "bread": "flour yeast oven crust dough knead bake loaf rye sourdough starter proof crumb",
        "cycling": "bicycle pedal chain saddle tyre puncture gear brake helmet ride hill spoke",
        "gardens": "soil seed tomato compost watering pruning rose bed mulch frost harvest spade",
        "birds": "heron gull nest feather binoculars migration song swallow owl wing marsh count",
    },
    "de": {
        "brot": "Mehl Hefe Ofen Kruste Teig kneten backen Laib Roggen Sauerteig Vorteig und der die nicht",
        "garten": "Erde Samen Tomate Kompost Gießkanne Schnitt Rose Beet Frost Ernte und der die nicht",
    },
    "ru": {
        "хлеб": "мука дрожжи печь корка тесто месить хлеб рожь закваска и не что это",
        "сад": "почва семена помидор компост полив роза грядка мороз урожай и не что это",
    },
    "ja": {
        "麺麭": "小麦粉 酵母 焼成 生地 食パン 発酵 天然酵母 製パン 全粒粉 石窯",
        "庭園": "土壌 種子 堆肥 剪定 薔薇 花壇 霜害 収穫 園芸用品 散水",
    },
}
COMMON: Final = "again today small morning neighbours little weekend always never"


def sample(a_topic: int = 6) -> list[dict[str, Any]]:
    """Records for an import; the source id begins with the language and the topic."""
    rng = random.Random(7)  # noqa: S311 any texts will do
    return [
        _post(rng, lang, topic, words.split(), number)
        for number in range(a_topic)
        for lang, topics in TOPICS.items()
        for topic, words in topics.items()
    ]


def _post(rng: random.Random, lang: str, topic: str, words: list[str], number: int) -> dict[str, Any]:
    more = COMMON.split() if lang == "en" else []
    text = " ".join(rng.choices([*words, *words, *more], k=40))
    return {
        "source_id": f"{lang}-{topic}-{number}",
        "title": " ".join(rng.sample(words, 2)),
        "body": f"<p>{text}</p>",
        "labels": [topic] if rng.random() < 0.5 else [],
        "published": f"20{number:02}-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}T12:00:00Z",
        "path": f"/{lang}/{rng.getrandbits(48):x}.html",
    }
