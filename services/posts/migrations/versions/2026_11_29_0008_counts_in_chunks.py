"""Keeps in one row of how many posts neighbouring terms are, and finds terms that nobody spells."""

from array import array
from collections.abc import Iterator
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_0008"
down_revision = "2026_11_29_0007"
branch_labels = None
depends_on = None

CHUNK = 480
AT_ONCE = 100
OLD = sa.text("SELECT id, posts FROM related_terms WHERE id > :term ORDER BY id LIMIT 10000")


def upgrade() -> None:
    chunk = sa.Column("chunk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False)
    parts = sa.Column("counts", sa.LargeBinary(), nullable=False), sa.PrimaryKeyConstraint("chunk")
    counts = op.create_table("related_counts", chunk, *parts, sqlite_strict=True)
    chunks = _chunks()
    while some := list(islice(chunks, AT_ONCE)):
        op.bulk_insert(counts, some)
    op.execute("ALTER TABLE related_terms DROP COLUMN posts")
    unspelt = sa.text("lent_by IS NULL")
    op.create_index("related_terms_unspelt", "related_terms", ["id"], sqlite_where=unspelt, postgresql_where=unspelt)


def _rows() -> Iterator[tuple[int, int]]:
    term = -1
    while rows := op.get_bind().execute(OLD, {"term": term}).all():
        yield from rows
        term, _ = rows[-1]


def _chunks() -> Iterator[dict[str, Any]]:
    for chunk, found in groupby(_rows(), key=lambda row: row[0] // CHUNK):
        counts = array("I", bytes(4 * CHUNK))
        for term, posts in found:
            counts[term % CHUNK] = posts
        yield {"chunk": chunk, "counts": counts.tobytes()}
