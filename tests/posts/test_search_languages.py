"""Search in many scripts: accents and case do not matter, unspaced scripts are found by any piece."""

# ruff: noqa: RUF001 (letters that look like others are the point)

from tests.posts.listing import found, page
from tests.stack import Stack

TEXTS = {
    "1": "Crème brûlée à l'été, naïve Ærøskøbing, straße İstanbul ŁÓDŹ",
    "2": "Ёлка стоит в Йошкар-Оле",
    "3": "مَدْرَسَة كبيرة في القاهرة ٢٠٢٤",
    "4": "שָׁלוֹם עולם",
    "5": "東京都の日本語テスト、ギター",
    "6": "สวัสดีชาวโลก ที่บ้าน",
    "7": "한국어로 쓴 글",
    "8": "東京tower2024年 ABC漢字mix",
    "9": "Αθήνα Ελλάς",
    "10": "हिन्दी में पाठ",
    "11": "ﬁnal ＡＢＣ１２ cafe\u0301 e\u0301te\u0301",
    "12": "plain words only",
}
FINDS = {
    "1": ["creme", "CRÈME", "cre\u0300me", "brulee", "été", "ete", "l'ete", "naive", "aeroskobing", "Ærøskøbing",
    "strasse", "STRASSE", "straße", "istanbul", "İstanbul", "lodz", "Łódź", '"creme brulee a"', "L\u2019été"],
    "2": ["елка", "ЁЛКА", "ёлка", '"стоит в йошкар"', "йошкар-оле", "Ошкар|Оле", "Иошкар"],
    "3": ["مدرسة", "مَدْرَسَة", "مدرسه", "كبيرة", "2024 القاهرة", "۲۰۲۴ القاهرة", "کبيرة"],
    "4": ["שלום", "שָׁלוֹם", '"שלום עולם"'],
    "5": ["日", "語", "日本", "本語", "日本語", "京都", "東京都の日本語テスト", "の", "日本語 東京都",
    "テスト", "ギ", "ギター", "ｷﾞﾀｰ"],
    "6": ["สวัสดี", "โลก", "ก", "ชาว", "บ้าน", "ที่บ้าน", "วัส"],
    "7": ["한국", "국어", "한국어", "글", "어", "쓴", '"한국어로 쓴"', "한"],
    "8": ["tower2024", "東京tower2024", "年 mix", "abc漢", "漢字", "漢", "字mix", "ABC漢字mix"],
    "9": ["αθηνα", "ΑΘΉΝΑ", "ελλας", "ΕΛΛΆΣ"],
    "10": ["हिन्दी", "पाठ", '"में पाठ"'],
    "11": ["final", "abc12", "ＡＢＣ１２", "eté", "cafe", "café"],
}  # fmt: skip
MISSES = {
    "1": ["crem", "brul", "lete", "stra", "istan"],
    "2": ["елк", "йошка"],
    "3": ["مدرس", "درسة"],
    "4": ["שלו", "עול"],
    "5": ["語日", "日語", "本日", "東都", "ダ", "-日本 京都の"],
    "6": ["ดีส", "ขกก"],
    "7": ["국한", "로쓴"],
    "8": ["tower 年 日", "tower年"],
    "9": ["αθην"],
    "10": ["हिन"],
    "11": ["fina", "ab"],
}


async def test_words_of_all_scripts_are_found(stack: Stack) -> None:
    """In titles (ids from 101), bodies (from 201) and names (from 301)."""
    await stack.imported_posts(
        *({"source_id": f"{100 + int(number)}", "title": text} for number, text in TEXTS.items()),
        *({"source_id": f"{200 + int(number)}", "body": f"<p>{text}</p>"} for number, text in TEXTS.items()),
        *({"source_id": f"{300 + int(number)}", "labels": [text]} for number, text in TEXTS.items()),
    )
    for number, queries in FINDS.items():
        places = {f"{place + int(number)}" for place in (100, 200, 300)}
        for query in queries:
            one_character = len(query) == 1 or query == "abc漢"  # names have a test of their own for it
            expected = {place for place in places if place < "3" or not one_character}
            assert expected <= set(await found(stack, query)), query
        for query in MISSES[number]:
            assert places.isdisjoint(await found(stack, query)), query
    assert await found(stack, "plain") == ["312", "212", "112"]


async def test_one_character_finds_names_as_well(stack: Stack) -> None:
    await stack.imported_posts(
        {"source_id": "1", "labels": ["日本語"]},
        {"source_id": "2", "author": {"source_id": "a", "name": "山田太郎"}},
        {"source_id": "3", "labels": ["ABC漢字"]},
    )
    finds = {"1": ["語", "日本", "日", "本"], "2": ["郎", "太郎", "山", "太"], "3": ["字", "abc字", "漢", "abc漢"]}
    for number, queries in finds.items():
        for query in queries:
            assert await found(stack, query) == [number], query


async def test_what_was_found_is_marked_in_all_scripts(stack: Stack) -> None:
    await stack.imported_posts(*({"source_id": n, "body": f"<p>{text}</p>"} for n, text in TEXTS.items()))
    for query, marked in (
        ("creme ete lodz", ["Crème", "été", "ŁÓDŹ"]),
        ("елка", ["Ёлка"]),
        ("مدرسة", ["مَدْرَسَة"]),
        ("שלום", ["שָׁלוֹם"]),
        ("日本語", ["日本語"]),
        ("글", ["글"]),
        ("บ้าน", ["บ้าน"]),
        ("tower2024 漢字", ["tower2024", "漢字"]),
    ):
        (item,) = (await page(stack, q=query))["items"]
        assert [one["text"] for one in item["snippet"] if one["is_match"]] == marked
        assert "".join(one["text"] for one in item["snippet"]) == TEXTS[item["id"]]
