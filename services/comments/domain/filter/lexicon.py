"""Words that do the same job in spam, by class: what one text taught about `visit` then holds for `join`.

The names of the classes are what a moderator reads.
"""

from functools import cache
from typing import Final

CLASSES: Final = {
    "a call to act": """subscribe sub subscrib suscribe visit follow check checkout vote register click download install
        join donate sign signup order apply contact suscríbete suscribete abonnez abonniert abonnieren подпишись""",
    "a call to look": "watch view share like see look listen search read play",
    "an audience": "subscribers subscriber subs subscribed views followers likes fans",
    "a place of one's own": """channel channels page profile account link playlist app shop store cover covers remix
        track tracks mixtape album trailer gameplay canal chaîne""",
    "media": "video videos vid vids music song songs beats raps",
    "another network": """facebook fb twitter instagram ig soundcloud kik skype snapchat gmail vimeo tumblr gofundme
        whatsapp telegram tsu itunes twitch patreon pinterest""",
    "money": """money cash dollars dollar earn earns earning income paid pay paying rich giveaway win won prize gift
        cheap discount buy sale price loan loans credit invest profit bitcoin crypto casino leads""",
    "a request": "please pls plz plzz plss help support chance",
    "a greeting": "hey hello hi hiya heya howdy guys everyone everybody friends greetings",
    "me and mine": "my our mine me us",
    "you and yours": "your you yours u ur",
    "i and we": "i im am ive we",
    "the site": "blog website site webpage weblog page web",
    "the text": """article articles post posts posting paragraph content writing topic info information subject writeup
        write-up""",
    "how the site works": "bookmark bookmarked rss feed blogroll theme visitors readers browser hosting",
    "praise": """great awesome nice excellent wonderful fantastic good amazing terrific superb fastidious pleasant
        useful helpful valuable""",
}


@cache
def classes_by_word() -> dict[bytes, tuple[bytes, ...]]:
    """Words and classes as UTF-8."""
    found: dict[bytes, tuple[bytes, ...]] = {}
    for name, words in CLASSES.items():
        for word in words.encode().split():
            found[word] = (*found.get(word, ()), name.encode())
    return found


@cache
def stand_ins_by_word() -> dict[bytes, bytes]:
    """The first class of each word, in brackets."""
    return {word: b"[" + classes[0] + b"]" for word, classes in classes_by_word().items()}
