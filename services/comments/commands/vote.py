"""Gives a vote to a comment, and takes it back: once each, however often it is asked for."""

from datetime import datetime

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.comments.commands.touched import touched
from services.comments.domain.followed import FollowedPost
from services.comments.domain.voters import VOTES_AN_HOUR, Voter, hour_of, seconds_left
from services.comments.errors import CommentNotFound, TooManyVotes, VotesOff
from services.comments.queries.votes import has_voted, votable
from services.comments.schemas.votes import VoteOut
from services.comments.tables import changes, comments, vote_quotas, votes
from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.common.upsert import insert_missing

_FORGOTTEN_AT_ONCE = 1000


async def give_vote(writes: Writes, comment_id: int, voter: Voter, seen_version: int | None, now: datetime) -> VoteOut:
    """`seen_version` is of the post as the caller has just read it. Raises CommentNotFound for one that is not shown,
    VotesOff, TooManyVotes.
    """
    row = await _votable(writes, comment_id, seen_version)
    voter_hash = voter.hash_for(comment_id)
    if await has_voted(writes, comment_id, voter_hash):
        return VoteOut(votes=row["votes"], voted=True)
    await _count_against_quota(writes, voter, now)
    given = {"comment_id": comment_id, "voter_hash": voter_hash, "voted_at": now}
    inserted = await insert_missing(writes, votes, [given], on=("comment_id", "voter_hash"))
    return VoteOut(votes=await _counted(writes, comment_id, len(inserted), now), voted=True)


async def take_vote_back(
    writes: Writes, comment_id: int, voter: Voter, seen_version: int | None, now: datetime
) -> VoteOut:
    """Raises CommentNotFound and VotesOff."""
    row = await _votable(writes, comment_id, seen_version)
    mine = delete(votes).where(votes.c.comment_id == comment_id, votes.c.voter_hash == voter.hash_for(comment_id))
    taken = (await writes.execute(mine)).rowcount
    return VoteOut(votes=await _counted(writes, comment_id, -1, now) if taken else row["votes"], voted=False)


async def forget_vote_quotas(writes: Writes, now: datetime) -> int:
    """Forgets up to 1,000 of hours that are over; returns how many."""
    old = select(vote_quotas.c.network_hash).where(vote_quotas.c.hour < hour_of(now)).limit(_FORGOTTEN_AT_ONCE)
    return (await writes.execute(delete(vote_quotas).where(vote_quotas.c.network_hash.in_(old)))).rowcount


async def _votable(writes: Writes, comment_id: int, seen_version: int | None) -> RowMapping:
    row = await votable(writes, comment_id)
    if row is None:
        raise CommentNotFound
    if row["version"] is not None:
        post = FollowedPost(bool(row["is_live"]), row["policy"], row["version"])
        if not post.shows_thread(seen_version):
            raise CommentNotFound
    if row["are"] != "on":
        raise VotesOff
    return row


async def _count_against_quota(writes: Writes, voter: Voter, now: datetime) -> None:
    """Votes that are taken back count as well: each of them was a write."""
    dialect = postgresql if writes.dialect.name == "postgresql" else sqlite
    hour = hour_of(now)
    first = dialect.insert(vote_quotas).values(network_hash=voter.hash_in(hour), hour=hour, given=1)
    counted = first.on_conflict_do_update(
        index_elements=["network_hash"],
        set_={"given": vote_quotas.c.given + 1},
        where=vote_quotas.c.given < VOTES_AN_HOUR,
    )
    if (await writes.execute(counted.returning(vote_quotas.c.given))).scalar() is None:
        raise TooManyVotes(seconds_left(now))


async def _counted(writes: Writes, comment_id: int, by: int, now: datetime) -> int:
    """The comment's votes from now on; raises CommentNotFound for one that a moderator took away meanwhile."""
    changed = (
        update(comments)
        .where(comments.c.id == comment_id, comments.c.state == "live")
        .values(votes=comments.c.votes + by)  # not the version: its author may be changing it
        .returning(comments.c.votes, comments.c.version, comments.c.post_id)
    )
    row = (await writes.execute(changed)).mappings().one_or_none()
    if row is None:
        raise CommentNotFound
    if by:
        change = Change("comment.voted", comment_id, row["version"], touched(row["post_id"], is_counted=False))
        await append_changes(writes, changes, [change], now)
    return int(row["votes"])
