"""Texts that are made to cost much, or to be shown wrongly, are related at a bounded cost, and nothing else suffers."""

import time
from array import array
from typing import Any

import pytest
from sqlalchemy import func, select, update

from services.common.clock import utc_now
from services.posts.commands.relate_posts import Relating
from services.posts.domain.related.term_counts import CHUNK
from services.posts.domain.related.terms import MAX_TERMS
from services.posts.domain.words import MAX_WORD_CHARS
from services.posts.queries import related_candidates
from services.posts.queries.related_candidates import asked_terms
from services.posts.queries.related_docs import docs_of_posts
from services.posts.queries.related_lists import FoundRelated, related_to
from services.posts.related_tables import related_counts, related_mentions, related_owed, related_terms
from tests.gateway.inside import database
from tests.gateway.reading import assert_problem
from tests.stack import Stack

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
URL = "https://blog.example"
MOST_CPU_S = 6.0
"""All of them together took 0.5 s, on a machine with nothing else to do."""
MILLION = 1_000_000


def distinct(count: int) -> str:
    return " ".join(f"w{at:x}" for at in range(count))


BODIES = {
    "many words": distinct(140_000),
    "one word": "harbor " * 30_000,
    "unbroken": "x" * (MILLION - 10),
    "unbroken, of a script without spaces": "海" * 50_000,
    "runs that differ": "".join(chr(0x4E00 + at * 7_919 % 20_000) for at in range(50_000)),
    "digits": "1234567 " * 20_000,
    "nothing": "",
    "nothing but tags": "<p></p>" * 1_000,
    "only common words": "the of and to in is that it for was " * 2_000,
    "marks upon marks": "e" + "\u0301" * 100_000 + " o" + "\u0308\u0301" * 20_000,
    "turned and hidden": "\u202eharbor\u202c fer\u200bry ti\u00adde \u2066wharf\u2069 \ufeffbuoy" * 500,
    "emoji": "🦆🏴\u200d☠️ " * 5_000,
    "links": "".join(f'<a href="/2020/01/{at}.html">a</a>' for at in range(3_000)),
}


async def relate(stack: Stack) -> float:
    """CPU until nothing is left to do."""
    relating, begun = Relating(database(stack, "posts"), utc_now, URL), time.process_time()
    while await relating():
        pass
    return time.process_time() - begun


async def related(stack: Stack, post: dict[str, Any]) -> FoundRelated:
    async with database(stack, "posts").read() as reads:
        return await related_to(reads, int(post["id"]), has_computed=True, most=20)


async def test_hostile_texts_cost_little_and_harm_no_other_list(stack: Stack) -> None:
    one, other = [await stack.post(title=f"Ferry {name}", body_html="<p>tide barge</p>") for name in ("north", "south")]
    hostile = {name: await stack.post(title=f"Plain {name}", body_html=body) for name, body in BODIES.items()}
    assert await relate(stack) < MOST_CPU_S

    posts = database(stack, "posts")
    async with posts.read() as reads:
        assert (await reads.execute(select(func.count()).select_from(related_owed))).scalar() == 0
        docs = await docs_of_posts(reads, [int(post["id"]) for post in (one, other, *hostile.values())])
        assert len(docs) == len(BODIES) + 2
        assert max(len(doc.vector.terms) for doc in docs.values()) == MAX_TERMS
        rows: Any = await reads.execute(select(related_terms))
        assert max(max(len(row.text), len(row.surface)) for row in rows) <= MAX_WORD_CHARS
        counts = select(func.count()).select_from(related_mentions).group_by(related_mentions.c.post_id)
        assert (await reads.execute(counts)).scalars().all() == [100]
    found = await related(stack, one)
    assert found.related[0].post_id == int(other["id"])
    assert {found.spellings[term].surface for term in found.related[0].terms} >= {"tide", "barge"}
    assert (await related(stack, hostile["turned and hidden"])).related


async def test_what_was_hostile_is_forgotten_once_it_is_edited_or_deleted(stack: Stack) -> None:
    kept = await stack.post(title="Ferry north", body_html="<p>tide barge</p>")
    hostile = await stack.post(title="Ferry south", body_html=BODIES["runs that differ"])
    await relate(stack)
    version = {"If-Match": "*"}
    place = f"/api/v1/posts/{hostile['id']}"
    assert (await stack.operator.patch(place, json={"body_html": "<p>tide</p>"}, headers=version)).is_success
    await relate(stack)
    async with database(stack, "posts").read() as reads:
        texts = (await reads.execute(select(related_terms.c.text))).scalars().all()
    assert set(texts) == {"ferry", "north", "south", "tide", "barge"}
    assert [one.post_id for one in (await related(stack, kept)).related] == [int(hostile["id"])]

    assert (await stack.operator.post(f"{place}/trash", headers=version)).is_success
    await relate(stack)
    assert not (await related(stack, kept)).related
    async with database(stack, "posts").read() as reads:
        assert "south" not in (await reads.execute(select(related_terms.c.text))).scalars().all()


async def test_ten_thousand_labels_are_refused(stack: Stack) -> None:
    body = {"title": "T", "body_html": "<p>b</p>", "labels": [f"label {at}" for at in range(10_000)]}
    assert_problem(await stack.operator.post("/api/v1/posts", json=body), 422, "invalid")


async def test_words_that_most_posts_have_are_not_looked_for(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an archive of a hundred thousand posts in which every fifth has each of these words."""
    post = await stack.post(body_html=f"<p>{distinct(40)}</p>")
    await relate(stack)
    having = 19_000
    counts = array("I", [having] * CHUNK).tobytes()
    await database(stack, "posts").write(lambda writes: writes.execute(update(related_counts).values(counts=counts)))

    async def looked_at() -> int:
        async with database(stack, "posts").read() as reads:
            (doc,) = (await docs_of_posts(reads, [int(post["id"])])).values()
            return having * len(await asked_terms(reads, doc, posts=100_000))

    assert 0 < await looked_at() <= related_candidates.LOOKED_AT
    monkeypatch.setattr(related_candidates, "LOOKED_AT", MILLION)
    assert await looked_at() > 10 * having, "the control: there are more of them"
