"""Days and neighbours of an article: the blog's locale and zone, static pages, older and newer ones."""

from tests.gateway.reading import HTML, part, texts
from tests.stack import Stack


async def test_days_are_the_blogs_own_in_its_language(stack: Stack) -> None:
    """Half past one in the night at Greenwich is still the evening before in São Paulo."""
    blog = {"title": "Diário & Co", "locale": "pt-BR", "time_zone": "America/Sao_Paulo", "description": "De tudo"}
    assert (await stack.operator.post("/api/v1/import/blog", json=blog)).json() == {"outcome": "set", "notes": []}
    written = await stack.post(title="Olá", published="2022-01-09T01:30:00Z")
    await stack.imported_comments({"source_id": "1", "post_id": written["id"], "published": "2022-02-01T00:15:00Z"})

    page = (await stack.reader.get(f"/api/v1/articles/{written['id']}")).json()
    assert page["date_header"] == "sábado, 8 de janeiro de 2022"
    assert page["published"] == "2022-01-09T01:30:00Z"
    html = (await stack.reader.get(written["path"], headers=HTML)).text
    assert part(html, "html").attributes["lang"] == "pt-BR"
    assert texts(html, ".date-header") == ["sábado, 8 de janeiro de 2022"]
    assert part(html, ".date-header time").attributes["datetime"] == "2022-01-09T01:30:00+00:00"
    assert texts(html, ".permalink time")[0].startswith("31 de janeiro de 2022")
    assert texts(html, ".site-title") == ["Diário & Co"]
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert [item["date_header"] for item in listed] == ["sábado, 8 de janeiro de 2022"]
    assert texts((await stack.reader.get("/", headers=HTML)).text, ".date-header") == ["sábado, 8 de janeiro de 2022"]


async def test_unknown_locales_and_zones_do_no_harm(stack: Stack) -> None:
    blog = {"locale": "xx-Nowhere", "time_zone": "Mars/Olympus"}
    assert (await stack.operator.post("/api/v1/import/blog", json=blog)).status_code == 200
    await stack.post(published="2022-01-09T01:30:00Z")

    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]

    assert [item["date_header"] for item in listed] == ["Sunday, January 9, 2022"]


async def test_a_blog_that_is_set_up_is_left_as_it_is(stack: Stack) -> None:
    await stack.operator.post("/api/v1/import/blog", json={"locale": "de", "time_zone": "Europe/Berlin"})
    again = await stack.operator.post("/api/v1/import/blog", json={"locale": "fr"})
    await stack.post(published="2021-12-31T23:30:00Z", title="Silvester")

    assert again.json() == {"outcome": "unchanged", "notes": []}
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert [item["date_header"] for item in listed] == ["Samstag, 1. Januar 2022"]
    assert [item["path"] for item in listed] == ["/2022/01/silvester.html"]


async def test_static_pages_have_no_day_and_no_neighbours(stack: Stack) -> None:
    await stack.imported_posts(
        {"source_id": "1", "title": "Before", "published": "2022-01-07T12:00:00Z"},
        {"source_id": "2", "title": "About", "kind": "page", "published": "2022-01-08T12:00:00Z"},
        {"source_id": "3", "title": "After", "published": "2022-01-09T12:00:00Z"},
    )

    page = (await stack.reader.get("/api/v1/articles/2")).json()

    assert page["path"] == "/p/about.html"
    assert page["date_header"] is page["previous"] is page["next"] is None
    html = (await stack.reader.get("/p/about.html", headers=HTML)).text
    assert texts(html, ".date-header") == texts(html, ".neighbours") == []
    around = [(await stack.reader.get(f"/api/v1/articles/{number}")).json() for number in (1, 3)]
    assert [around[0]["next"]["title"], around[1]["previous"]["title"]] == ["After", "Before"]
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert [item["title"] for item in listed] == ["After", "Before"]


async def test_neighbours_are_the_nearest_live_posts(stack: Stack) -> None:
    """Posts of one instant are told apart by their ids; drafts, trash and the future are passed over."""
    same = "2022-01-08T12:00:00Z"
    await stack.imported_posts(
        {"source_id": "10", "title": "A", "published": same},
        {"source_id": "11", "title": "B", "published": same},
        {"source_id": "12", "title": "C", "published": same},
        {"source_id": "9", "title": "D", "published": "2022-01-08T12:00:00.000001Z"},
        {"source_id": "13", "state": "trashed", "published": "2022-01-08T12:00:00.000002Z"},
        {"source_id": "14", "state": "draft", "published": "2022-01-08T12:00:00.000003Z"},
        {"source_id": "15", "published": "2099-01-08T12:00:00Z"},
    )

    found = {}
    for number in (10, 11, 12, 9):
        page = (await stack.reader.get(f"/api/v1/articles/{number}")).json()
        found[page["title"]] = [one["title"] if one else None for one in (page["previous"], page["next"])]

    assert found == {"A": [None, "B"], "B": ["A", "C"], "C": ["B", "D"], "D": ["C", None]}
    html = (await stack.reader.get((await stack.reader.get("/api/v1/articles/11")).json()["path"], headers=HTML)).text
    assert texts(html, "a[rel=prev]") == ["A"]
    assert texts(html, "a[rel=next]") == ["C"]
