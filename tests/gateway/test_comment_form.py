"""Commenting without a script: the form, its errors, replies, and where the reader lands."""

import httpx
import pytest

from tests.gateway.reading import HTML, assert_problem, assert_problem_page, part, parts, text_of_page, texts
from tests.stack import Stack


async def send(stack: Stack, article_id: str, **fields: str) -> httpx.Response:
    return await stack.reader.post(f"/articles/{article_id}/comments", data=fields, headers=HTML)


async def test_form_stores_and_leads_to_the_comment(stack: Stack) -> None:
    written = await stack.post(path="/2024/grüße.html")
    page = (await stack.reader.get(written["path"], headers=HTML)).text
    form = part(page, "#comment-form")
    assert (form.attributes["method"], form.attributes["action"]) == ("post", f"/articles/{written['id']}/comments")
    names = [node.attributes["name"] for node in form.css("input, textarea")]
    assert names == ["once", "stamp", "subject", "author_name", "author_url", "body"]
    assert [node.attributes["for"] for node in form.css("label")] == [f"field-{name}" for name in names[2:]]

    answer = await send(stack, written["id"], body="Line\r\n\r\nTwo", author_name="  Ann ", author_url="ann.example")

    assert answer.status_code == 303
    assert not answer.content
    path, _, anchor = answer.headers["Location"].partition("#")
    assert path == f"/2024/gr%C3%BC%C3%9Fe.html?posted={anchor.removeprefix('c')}"
    shown = (await stack.reader.get(path, headers=HTML)).text
    assert texts(shown, f"#{anchor} .said p") == ["Line", "Two"]
    assert texts(shown, f"#{anchor} .commenter > a")[0] == "Ann"
    assert part(shown, f"#{anchor} .commenter > a:first-child").attributes == {
        "href": "https://ann.example",
        "rel": "nofollow ugc noopener noreferrer",
    }


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_reply_link_opens_the_form_for_a_reply(stack: Stack) -> None:
    written = await stack.post()
    first = await stack.comment(written["id"], "First", author_name="Ann")
    await stack.comment(written["id"], "Second")
    page = (await stack.reader.get(written["path"], headers=HTML)).text
    link = part(page, f"#c{first['id']} .reply a").attributes["href"]
    assert link == f"{written['path']}?reply_to={first['id']}#comment-form"

    replying = (await stack.reader.get(link, headers=HTML)).text
    assert "In reply to Ann ." in " ".join(texts(replying, "#comment-form .notice"))
    hidden = part(replying, "input[name=parent_id]").attributes
    assert (hidden["name"], hidden["value"]) == ("parent_id", first["id"])
    answer = await send(stack, written["id"], body="Reply", parent_id=first["id"])

    assert answer.status_code == 303
    shown = (await stack.reader.get(written["path"], headers=HTML)).text
    assert texts(shown, ".said") == ["First", "Reply", "Second"]


async def test_reply_to_nothing_is_still_a_page(stack: Stack) -> None:
    written = await stack.post()
    for bring in (stack.bring_back, stack.take_away):
        bring("comments")
        answer = await stack.reader.get(written["path"], params={"reply_to": '"><script>'}, headers=HTML)
        assert answer.status_code == 200
        assert not parts(answer.text, "input[name=parent_id]")
        assert not parts(answer.text, "main script")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_errors_name_the_fields_and_keep_the_text(stack: Stack) -> None:
    written = await stack.post()
    good = {"body": "Text <b>& more</b>", "author_name": 'A "quoted" name', "author_url": "https://a.example/?x=1&y=2"}
    for wrong, field, label in (
        ({"body": ""}, "body", "Comment"),
        ({"body": " \n\t "}, "body", "Comment"),
        ({"body": "é" * 5001}, "body", "Comment"),
        ({"body": "with \x00 in it"}, "body", "Comment"),
        ({"author_name": "n" * 101}, "author_name", "Name"),
        ({"author_url": "javascript://alert(1)"}, "author_url", "Website"),
        ({"author_url": "ftp://files.example"}, "author_url", "Website"),
        ({"author_url": "https://a.example/" + "u" * 500}, "author_url", "Website"),
    ):
        fields = good | wrong
        answer = await send(stack, written["id"], **fields)
        assert answer.status_code == 422, wrong
        assert part(answer.text, ".errors").attributes["role"] == "alert"
        assert texts(answer.text, ".errors a") == [label]
        assert part(answer.text, ".errors a").attributes["href"] == f"#field-{field}"
        assert part(answer.text, f"#field-{field}")
        kept = part(answer.text, "textarea").text().removeprefix("\n")
        assert kept == fields["body"].replace("\x00", "\ufffd")
        for name in ("author_name", "author_url"):
            assert part(answer.text, f"#field-{name}").attributes["value"] == fields[name]
    assert (await stack.reader.get(f"/api/v1/articles/{written['id']}")).json()["comments"]["count"] == 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_several_errors_are_all_told(stack: Stack) -> None:
    written = await stack.post()
    answer = await send(stack, written["id"], body="x" * 5001, author_name="n" * 101)
    assert sorted(texts(answer.text, ".errors a")) == ["Comment", "Name"]
    told = " ".join(texts(answer.text, ".errors li"))
    assert "at most 5000 characters" in told
    assert "at most 100 characters" in told


async def test_reply_that_cannot_be_is_refused_with_a_link_that_leads_somewhere(stack: Stack) -> None:
    written, other = await stack.post(), await stack.post()
    elsewhere = await stack.comment(other["id"])
    for parent_id in (elsewhere["id"], "5", "nonsense"):
        answer = await send(stack, written["id"], body="My reply", parent_id=parent_id)
        assert answer.status_code == 422
        assert "My reply" in part(answer.text, "textarea").text()
        assert part(answer.text, ".errors li").text().startswith("Reply")
        target = part(answer.text, ".errors a").attributes["href"] or ""
        assert parts(answer.text, target), target
        program = await stack.reader.post(
            f"/api/v1/articles/{written['id']}/comments", json={"body": "x", "parent_id": parent_id}
        )
        assert_problem(program, 422, "invalid")
        assert [error["pointer"] for error in program.json()["errors"]] == ["/parent_id"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_closed_article_takes_no_more_and_says_so(stack: Stack) -> None:
    for policy in ("closed", "hidden"):
        written = await stack.post(comment_policy=policy)
        answer = await send(stack, written["id"], body="Too late")
        assert answer.status_code == 409
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "This article takes no more comments." in text_of_page(answer.text), policy


async def test_unknown_article_is_not_found(stack: Stack) -> None:
    assert_problem_page(await send(stack, "5", body="Hello?"), 404)
    assert_problem_page(await send(stack, "x", body="Hello?"), 422)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_only_a_form_is_taken(stack: Stack) -> None:
    written = await stack.post()
    address = f"/articles/{written['id']}/comments"
    many = {f"field{number}": "x" for number in range(30)}
    for status, answer in (
        (415, await stack.reader.post(address, json={"body": "Hm"}, headers=HTML)),
        (415, await stack.reader.post(address, files={"body": b"Hm"}, headers=HTML)),
        (415, await stack.reader.post(address, headers=HTML)),
        (400, await stack.reader.post(address, data={"body": "Hm"} | many, headers=HTML)),
        (403, await stack.reader.post(address, data={"body": "Hm"}, headers={"Origin": "https://evil.example"})),
    ):
        assert answer.status_code == status
    assert (await stack.reader.get(f"/api/v1/articles/{written['id']}")).json()["comments"]["count"] == 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_a_form_that_is_too_large_is_a_problem_like_others(stack: Stack) -> None:
    written = await stack.post()
    answer = await stack.reader.post(f"/articles/{written['id']}/comments", data={"body": "x" * 70_000}, headers=HTML)
    assert_problem_page(answer, 413)
    program = await stack.reader.post(f"/api/v1/articles/{written['id']}/comments", json={"body": "x" * 70_000})
    assert_problem(program, 413, "content-too-large")
