"""Rules for the related posts of a post, as editors read and give them."""

from fastapi import APIRouter, Response

from services.common.callers import CallerPrincipal
from services.common.database import Reads
from services.common.deps import DatabaseDep
from services.common.ids import Id
from services.posts.commands.editing import Editing
from services.posts.commands.rule_related import rule_related
from services.posts.deps import DeskDep, IfMatch
from services.posts.domain.etags import etag_of
from services.posts.errors import NoSuchPost
from services.posts.queries.posts import labels_by_post, post_by_id
from services.posts.queries.related_rules import rules_of
from services.posts.routes.answers import tagged
from services.posts.schemas.related import RelatedRules, RelatedRulesOut

router = APIRouter(prefix="/posts/{post_id}/related-rules")


@router.get("", response_model=RelatedRulesOut)
async def get_related_rules(post_id: Id, principal: CallerPrincipal, database: DatabaseDep) -> Response:
    principal.require("posts:read-drafts")
    async with database.read() as reads:
        return await _rules(reads, int(post_id))


@router.put("", response_model=RelatedRulesOut)
async def set_related_rules(post_id: Id, given: RelatedRules, desk: DeskDep, if_match: IfMatch = None) -> Response:
    async def work(editing: Editing) -> Response:
        await rule_related(editing, int(post_id), if_match, given)
        return await _rules(editing.writes, int(post_id))

    return await desk.edit(work)


async def _rules(reads: Reads, post_id: int) -> Response:
    """Under the tag of the post that they belong to."""
    post = await post_by_id(reads, post_id)
    if post is None:
        raise NoSuchPost
    labels = (await labels_by_post(reads, [post_id])).get(post_id, [])
    rules = await rules_of(reads, post_id)
    answer = RelatedRulesOut(
        pinned=[*rules.pinned], forbidden=[*rules.forbidden], computed=rules.computed, shown=rules.shown
    )
    return tagged(answer.model_dump_json(), etag_of(post["version"], [label["name"] for label in labels]))
