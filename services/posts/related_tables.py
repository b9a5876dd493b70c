"""What related posts are found by: vectors and terms of live posts, the lists made of them, and editors' rules.

Posts go by a number of their own here (`doc`), which is short and is not given twice. No keys lead to `posts`: a post
may be gone before the job that looks after these tables hears of it.
"""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Table, Text, UniqueConstraint

from services.common.sqltypes import Instant, Int64
from services.posts.tables import metadata

related_owed = Table(
    "related_owed",
    metadata,
    Column("post_id", Int64, primary_key=True, autoincrement=False),  # waits for the job that reads it again
    Column("marks", Int64, nullable=False),  # how often it was owed: what is owed meanwhile stays owed
    sqlite_strict=True,
)

related_state = Table(
    "related_state",
    metadata,
    Column("id", Int64, CheckConstraint("id = 1", name="related_state_is_one"), primary_key=True, autoincrement=False),
    Column("turn", Int64, nullable=False),  # grows with each unit of work: one that saw an older turn is undone
    Column("next_doc", Int64, nullable=False),
    Column("next_term", Int64, nullable=False),
    Column("swept_at", Instant),
    sqlite_strict=True,
)

related_languages = Table(
    "related_languages",
    metadata,
    Column("lang", Text, primary_key=True),
    Column("posts", Int64, nullable=False),
    Column("weighed_posts", Int64, nullable=False),  # how many there were when its generation began
    Column("generation", Int64, nullable=False),
    sqlite_strict=True,
)

related_terms = Table(
    "related_terms",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("lang", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("surface", Text, nullable=False),  # as a live post writes it
    Column("lent_by", Int64),  # the doc of that post; null: nobody, the surface is the text
    UniqueConstraint("lang", "text", name="related_terms_by_text"),
    sqlite_strict=True,
)
Index(
    "related_terms_unspelt",
    related_terms.c.id,
    sqlite_where=related_terms.c.lent_by.is_(None),
    postgresql_where=related_terms.c.lent_by.is_(None),
)

related_counts = Table(
    "related_counts",
    metadata,
    Column("chunk", Int64, primary_key=True, autoincrement=False),  # of terms whose ids are neighbours
    Column("counts", LargeBinary, nullable=False),  # of how many posts each is
    sqlite_strict=True,
)

related_labels = Table(
    "related_labels",
    metadata,
    Column("lang", Text, primary_key=True),
    Column("label_id", Int64, primary_key=True, autoincrement=False),
    Column("posts", Int64, nullable=False),
    sqlite_strict=True,
)

related_docs = Table(
    "related_docs",
    metadata,
    Column("doc", Int64, primary_key=True, autoincrement=False),
    Column("post_id", Int64, unique=True),  # null: no longer live, and to be taken out of lists
    Column("lang", Text, nullable=False),
    Column("generation", Int64, nullable=False),  # of its weights; 0: it has none yet
    Column("wants", Int64, CheckConstraint("wants IN (0, 1, 2)", name="related_docs_wants"), nullable=False),
    Column("least", Int64, nullable=False),  # the score that gets another into its list
    Index("related_docs_by_generation", "lang", "generation", "doc"),  # what is to be weighed
    Index("related_docs_wanting", "wants", "doc"),  # a list: 2 as soon as possible, 1 at night
    sqlite_strict=True,
)

related_vectors = Table(
    "related_vectors",
    metadata,
    Column("doc", Int64, primary_key=True, autoincrement=False),
    Column("terms", LargeBinary, nullable=False),
    Column("labels", LargeBinary, nullable=False),
    Column("day", Int64, nullable=False),
    sqlite_strict=True,
)

related_postings = Table(
    "related_postings",
    metadata,
    Column(
        "place", Int64, primary_key=True, autoincrement=False
    ),  # of a chunk: its term, then what none of its docs is below
    Column("docs", LargeBinary, nullable=False),  # that are found by the term, in their order
    Column("weights", LargeBinary, nullable=False),  # of the term in each
    sqlite_strict=True,
)

related_lists = Table(
    "related_lists",
    metadata,
    Column("doc", Int64, primary_key=True, autoincrement=False),
    Column("other", Int64, primary_key=True, autoincrement=False),
    Column("score", Int64, nullable=False),
    Column("place", Int64, nullable=False),  # those that are not shown share the last, in the order of scores
    Column("terms", LargeBinary, nullable=False),  # ids, those that say most first
    Column("label_id", Int64),
    Index("related_lists_with", "other", "doc"),  # lists that a post stands in
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

related_mentions = Table(
    "related_mentions",
    metadata,
    Column("post_id", Int64, primary_key=True, autoincrement=False),
    Column("path", Text, primary_key=True),  # that its text links to
    Column("position", Int64, nullable=False),
    Index("related_mentions_of", "path", "post_id"),
    sqlite_strict=True,
)

related_rules = Table(
    "related_rules",
    metadata,
    Column("post_id", Int64, primary_key=True, autoincrement=False),
    Column("other_id", Int64, primary_key=True, autoincrement=False),
    Column("rule", Text, CheckConstraint("rule IN ('pin', 'forbid')", name="related_rules_rule"), nullable=False),
    Column("position", Int64, nullable=False),
    Index("related_rules_about", "other_id", "post_id"),
    sqlite_strict=True,
)

related_choices = Table(
    "related_choices",
    metadata,
    Column("post_id", Int64, primary_key=True, autoincrement=False),
    Column("computed", Text, CheckConstraint("computed IN ('on', 'off')", name="related_choices_computed")),
    Column("shown", Int64),  # null, as above: what the blog says
    sqlite_strict=True,
)
