"""What an editor says of the related posts of one post, with the tag of the version of the post that it is."""

from fastapi import APIRouter, Response

from services.common.callers import CallerPrincipal
from services.common.database import Reads
from services.common.deps import DatabaseDep
from services.common.ids import Id
from services.posts.commands.editing import Editing
from services.posts.commands.rule_related import rule_related
from services.posts.deps import DeskDep, IfMatch
from services.posts.domain.etags import etag_of
from services.posts.domain.related.rules import Rules
from services.posts.errors import NoSuchPost
from services.posts.queries.posts import labels_by_post, post_by_id
from services.posts.queries.related_rules import rules_of
from services.posts.routes.answers import tagged
from services.posts.schemas.related import RelatedRulesIn, RelatedRulesOut

router = APIRouter(prefix="/posts/{post_id}/related-rules")


@router.get("", response_model=RelatedRulesOut)
async def get_related_rules(post_id: Id, principal: CallerPrincipal, database: DatabaseDep) -> Response:
    principal.require("posts:read-drafts")
    async with database.read() as reads:
        return await _rules(reads, int(post_id))


@router.put("", response_model=RelatedRulesOut)
async def put_related_rules(post_id: Id, given: RelatedRulesIn, desk: DeskDep, if_match: IfMatch = None) -> Response:
    rules = Rules([int(one) for one in given.pinned], sorted(map(int, given.forbidden)), given.computed, given.shown)

    async def work(editing: Editing) -> Response:
        await rule_related(editing, int(post_id), if_match, rules)
        return await _rules(editing.writes, int(post_id))

    return await desk.edit(work)


async def _rules(reads: Reads, post_id: int) -> Response:
    row = await post_by_id(reads, post_id)
    if row is None:
        raise NoSuchPost
    found = await rules_of(reads, post_id)
    labels = (await labels_by_post(reads, [post_id])).get(post_id, [])
    rules = RelatedRulesOut(
        pinned=list(found.pinned), forbidden=list(found.forbidden), computed=found.computed, shown=found.shown
    )
    return tagged(rules.model_dump_json(), etag_of(row["version"], [label["name"] for label in labels]))
