"""The job that relates posts: after every kind of change, after a crash, in every language, on either database."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.common.database import Reads, Writes
from services.posts.commands.read_links import with_few_links
from services.posts.commands.read_owed import ReadPosts, read_owed
from services.posts.commands.relate_posts import MANY, Relating
from services.posts.queries.related_owed import owed
from services.posts.related_tables import related_docs, related_owed, related_state
from services.posts.tables import changes
from tests.databases import Databases, PostgresServer, SqliteFiles
from tests.gateway.inside import database
from tests.posts.editing import acted, deleted, done, patched
from tests.posts.related_sample import sample
from tests.stack import PUBLIC_URL, Stack, running_stack

BREAD = "<p>Flour, yeast and a hot oven make a loaf with a crust.</p>"
RYE = "<p>A rye loaf wants a sour starter, a hot oven and a long proof.</p>"
GULLS = "<p>Seven gulls sat in the marsh, and one heron.</p>"


async def titles(stack: Stack, post: dict[str, Any]) -> list[str]:
    page = (await stack.reader.get(f"/api/v1/articles/{post['id']}")).json()
    return [link["headline"] for link in page["related"]]


async def progress(stack: Stack) -> dict[str, int]:
    found: dict[str, int] = (await stack.operator.get("/api/v1/related/progress")).json()
    return found


async def test_lists_follow_whatever_happens_to_posts(stack: Stack) -> None:
    bread = await stack.post(title="Bread", body_html=BREAD)
    rye = await stack.post(title="Rye", body_html=RYE)
    gulls = await stack.post(title="Gulls", body_html=GULLS)
    draft = await stack.post(title="Drafted", body_html=BREAD, state="draft")

    async def shown() -> list[list[str]]:
        await stack.relate()
        return [sorted(await titles(stack, one)) for one in (bread, rye, gulls)]

    assert await titles(stack, bread) == [], "nothing is related before the job"
    assert await shown() == [["Rye"], ["Bread"], []]
    draft = await acted(stack, draft, "publish")
    assert await shown() == [["Drafted", "Rye"], ["Bread", "Drafted"], []]
    await acted(stack, draft, "trash")
    assert await titles(stack, bread) == ["Rye"], "at once"
    assert await shown() == [["Rye"], ["Bread"], []]
    await acted(stack, draft, "restore")
    assert await shown() == [["Drafted", "Rye"], ["Bread", "Drafted"], []]
    await patched(stack, draft, body_html=GULLS, title="Herons")
    assert await shown() == [["Rye"], ["Bread"], ["Herons"]]
    await deleted(stack, f"posts/{draft['id']}")
    assert await shown() == [["Rye"], ["Bread"], []]
    assert await progress(stack) == {"unread": 0, "unweighed": 0, "unlisted": 0, "known": 3}


async def test_labels_count_and_are_named_as_they_are_called(stack: Stack) -> None:
    loaves = [await stack.post(title=f"Loaf {n}", body_html=BREAD, labels=["Kitchen"] * (n == 0)) for n in range(3)]
    kitchen = await stack.post(title="Kitchen", body_html=BREAD, labels=["Kitchen"])

    async def first() -> tuple[str, list[str]]:
        await stack.relate()
        link = (await stack.reader.get(f"/api/v1/articles/{kitchen['id']}")).json()["related"][0]
        return link["headline"], [one["text"] for one in link["reasons"] if one["kind"] == "label"]

    assert await first() == ("Loaf 0", ["Kitchen"])
    labels = (await stack.operator.get("/api/v1/labels")).json()["items"]
    await stack.operator.patch(f"/api/v1/labels/{labels[0]['id']}", json={"name": "Oven"})
    assert await first() == ("Loaf 0", ["Oven"])
    await patched(stack, loaves[0], labels=[])
    await patched(stack, loaves[1], labels=["Oven"])
    assert await first() == ("Loaf 1", ["Oven"])
    await stack.operator.delete(f"/api/v1/labels/{labels[0]['id']}")
    assert (await first())[1] == []


async def test_an_edit_without_other_words_changes_no_list(stack: Stack) -> None:
    bread, _ = await stack.post(title="Bread", body_html=BREAD), await stack.post(title="Rye", body_html=RYE)
    await stack.relate()

    async def told() -> int:
        async with database(stack, "posts").read() as reads:
            found = await reads.execute(select(changes.c.seq).where(changes.c.kind == "related.changed"))
            return len(found.all())

    before = await told()
    assert before > 0, "the control: lists were made"
    await patched(stack, bread, comment_policy="closed", body_html=BREAD.replace("Flour", "<b>Flour</b>"))
    await stack.relate()
    assert await told() == before


async def test_what_is_owed_is_done_after_a_crash_and_once(databases: Databases, tmp_path: Path) -> None:
    """The job dies between its units, and a unit dies over its commit."""
    async with running_stack(databases, tmp_path) as stack:
        bread, rye = [await stack.post(title=one, body_html=RYE) for one in ("Bread", "Rye")]
        posts = database(stack, "posts")

        async def owed_and_docs() -> list[int]:
            async with posts.read() as reads:
                return [len((await reads.execute(select(one))).all()) for one in (related_owed, related_docs)]

        assert await owed_and_docs() == [2, 0]
        write = posts.write

        async def dying(work: Any, **more: Any) -> Any:
            async def unit(writes: Writes) -> Any:
                await work(writes)
                raise ConnectionError

            return await write(unit, **more)

        async def read(reads: Reads) -> ReadPosts:
            found = await owed(reads, MANY)
            assert found is not None
            return await read_owed(reads, found, PUBLIC_URL, MANY)

        async def unit() -> None:
            await posts.write(partial((await posts.look(read)).store, clock=stack.clock))

        posts.write = dying  # type: ignore[method-assign]  # the process is gone here
        with pytest.raises(ConnectionError):
            await unit()
        posts.write = write  # type: ignore[method-assign]  # as it was
        assert await owed_and_docs() == [2, 0], "all of a unit or nothing"
        await unit()
        assert await owed_and_docs() == [0, 2]
        await stack.relate()  # another process would begin here
        assert [await titles(stack, one) for one in (bread, rye)] == [["Rye"], ["Bread"]]
        assert await owed_and_docs() == [0, 2]


async def test_a_post_that_comes_alone_is_one_unit_of_work(stack: Stack) -> None:
    async def turns(*bodies: str) -> int:
        before = await turn()
        posts = [await stack.post(title="Loaf", body_html=body) for body in bodies]
        await stack.relate()
        assert all([await titles(stack, post) for post in posts])
        return await turn() - before

    async def turn() -> int:
        async with database(stack, "posts").read() as reads:
            found: int = (await reads.execute(select(related_state.c.turn))).scalar_one()
        return found

    for _ in range(12):  # so many that a few more do not have all weighed anew
        await stack.post(title="Bread", body_html=BREAD)
    await stack.relate()
    assert await turns(BREAD, RYE) == 2, "the control: read and weighed together, then listed"
    assert await turns(BREAD) == 1
    relating = Relating(database(stack, "posts"), stack.clock, PUBLIC_URL)
    post = await stack.post(title="Loaf", body_html=BREAD)
    assert await relating() == 0, "nothing more is looked for"
    assert await titles(stack, post)
    await stack.post(title="Loaf", body_html=BREAD)
    await stack.post(title="Loaf", body_html=BREAD)
    assert await relating() > 0, "the control: after several there may be"


async def test_posts_that_lead_to_many_others_are_read_a_few_at_a_time(stack: Stack) -> None:
    """Because what the pages of all those show is looked at in one transaction."""
    bread = await stack.post(title="Bread", body_html=BREAD)

    def leading(who: int, most: int) -> str:
        paths = [bread["path"], *(f"/{who}/{n}.html" for n in range(most))]
        return "<p>Silence.</p>" + "".join(f'<p><a href="{path}">.</a></p>' for path in paths)

    await stack.relate()
    for who in range(4):
        await stack.post(title=f"Leading {who}", body_html=leading(who, 80))
    units = await database(stack, "posts").look(partial(owed, most=MANY))
    assert units is not None
    readings = units.read(PUBLIC_URL)
    assert len(with_few_links(units, readings).owed) == 2
    assert with_few_links(units, readings).is_part
    await stack.relate()
    assert await titles(stack, bread) == ["Leading 3", "Leading 2", "Leading 1", "Leading 0"]
    assert await progress(stack) == {"unread": 0, "unweighed": 0, "unlisted": 0, "known": 5}


async def test_a_rebuild_reads_and_lists_all_anew(stack: Stack) -> None:
    bread, _ = await stack.post(title="Bread", body_html=BREAD), await stack.post(title="Rye", body_html=RYE)
    await stack.post(title="Draft", body_html=BREAD, state="draft")
    await stack.relate()
    owed = await stack.operator.post("/api/v1/related/rebuild", json={})
    assert owed.json() == {"owed": 2, "next_cursor": None}
    assert await progress(stack) == {"unread": 2, "unweighed": 2, "unlisted": 0, "known": 2}
    assert await titles(stack, bread) == ["Rye"], "as they were until they are made again"
    await stack.relate()
    assert await progress(stack) == {"unread": 0, "unweighed": 0, "unlisted": 0, "known": 2}
    assert await titles(stack, bread) == ["Rye"]
    refused = await stack.operator.post("/api/v1/related/rebuild", json={"cursor": "?"})
    assert refused.status_code == 422


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_an_import_is_related_in_one_pass(stack: Stack) -> None:
    """All are read before any is weighed, and all of a language are weighed before any of it is listed; a new process
    goes on where one stopped.
    """
    posts = sample(21)
    for at in range(0, len(posts), 100):
        await stack.imported_posts(*posts[at : at + 100])
    job = Relating(database(stack, "posts"), stack.clock, PUBLIC_URL)
    while await job():
        pass
    assert await progress(stack) == {"unread": 0, "unweighed": 210, "unlisted": 0, "known": 210}, "more may come"
    job = Relating(database(stack, "posts"), stack.clock, PUBLIC_URL)
    units = 0
    while await job():
        units += 1
        async with database(stack, "posts").read() as reads:
            docs = (await reads.execute(select(related_docs))).all()
        unweighed = {doc.lang for doc in docs if not doc.generation}
        assert not unweighed & {doc.lang for doc in docs if doc.generation and not doc.wants}
    assert units > 20, "the control: units are small"
    assert await progress(stack) == {"unread": 0, "unweighed": 0, "unlisted": 0, "known": 210}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_lists_that_lost_somebody_are_filled_up_at_night(stack: Stack) -> None:
    posts = [await stack.post(title=f"Loaf {number}", body_html=BREAD) for number in range(6)]
    await stack.relate()
    await acted(stack, posts[0], "trash")
    await stack.relate()

    async def wanting() -> int:
        async with database(stack, "posts").read() as reads:
            found = await reads.execute(select(related_docs.c.doc).where(related_docs.c.wants != 0))
            return len(found.all())

    assert await wanting() == 5
    stack.clock.now += timedelta(hours=25)
    await stack.relate()
    assert await wanting() == 0


async def fives(databases: Databases, folder: Path) -> dict[str, list[str]]:
    """By source id, what is shown of a sample that was imported."""
    async with running_stack(databases, folder) as stack:
        found, posts = dict[str, list[str]](), sample()
        ids = {one["source_id"]: one["id"] for one in await stack.imported_posts(*posts)}
        await stack.relate()
        names = {post_id: name for name, post_id in ids.items()}
        for name, post_id in ids.items():
            links = (await stack.reader.get(f"/api/v1/articles/{post_id}/related")).json()["items"]
            found[name] = [names[link["article_id"]] for link in links]
        return found


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_posts_are_related_within_their_language_and_topic(databases: Databases, tmp_path: Path) -> None:
    found = await fives(databases, tmp_path)
    pairs = [(one, other) for one, others in found.items() for other in others]
    assert 4.5 * len(found) < len(pairs) <= 5 * len(found)
    assert all(one.split("-")[0] == other.split("-")[0] for one, other in pairs)
    same = sum(one.split("-")[1] == other.split("-")[1] for one, other in pairs)
    assert same >= 0.95 * len(pairs)
    assert all(name not in others and len(set(others)) == len(others) for name, others in found.items())


async def test_both_databases_show_the_same(
    sqlite_files: SqliteFiles, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    on_sqlite = await fives(sqlite_files, tmp_path)
    on_postgresql = await fives(postgres_server, tmp_path)
    assert sum(on_sqlite[name] == on_postgresql[name] for name in on_sqlite) >= 0.95 * len(on_sqlite)


async def test_the_whole_blog_may_be_told_to_compute_nothing(stack: Stack) -> None:
    bread, _ = await stack.post(title="Bread", body_html=BREAD), await stack.post(title="Rye", body_html=RYE)
    await stack.relate()
    assert await titles(stack, bread) == ["Rye"]
    await done(stack, "PATCH", "blog", {"related_computed": "off"})
    assert await titles(stack, bread) == []
    await done(stack, "PATCH", "blog", {"related_computed": "on", "related_shown": 0})
    assert await titles(stack, bread) == []
    assert (await done(stack, "PATCH", "blog", {"related_shown": None}))["related_shown"] is None
    assert await titles(stack, bread) == ["Rye"]
