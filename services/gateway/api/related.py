"""Related posts: whole lists with their reasons, rules for one post, and the work of making all lists anew."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.compose.model import RelatedList
from services.gateway.compose.related_list import related_list
from services.gateway.deps import ComposerDep, ForwarderDep
from services.gateway.examples import RELATED, RELATED_PROGRESS, RELATED_REBUILT, RULES, example
from services.gateway.parameters import ArticleId, IfMatch, PostId, conditions
from services.gateway.responses import CHANGE, OWN_LIST, OWN_READ, WRITE
from services.gateway.schemas.rebuild import RebuildStep
from services.gateway.schemas.related import RelatedProgress, RelatedRebuilt, RelatedRules, RulesOfPost

router = APIRouter(prefix="/api/v1", dependencies=[Depends(json_only)])


@router.get(
    "/articles/{article_id}/related",
    tags=["articles"],
    operation_id="listRelated",
    summary="The related links of an article, with reasons; explained with the scope posts:read-drafts",
    responses={200: example(RELATED), **OWN_READ},
)
async def list_related(
    article_id: ArticleId,
    composer: ComposerDep,
    principal: PrincipalDep,
    limit: Annotated[
        int | None, Query(ge=1, le=60, description="As many as the article page shows by default.")
    ] = None,
    explain: Annotated[bool, Query(description="Also why; needs a key.")] = False,
) -> RelatedList:
    if explain:
        principal.require("posts:read-drafts")
    return await related_list(composer, article_id, limit, principal if explain else None)


@router.get(
    "/posts/{post_id}/related-rules",
    tags=["posts"],
    operation_id="getRelatedRules",
    summary="What an editor said of a post's related posts, with the post's ETag; needs the scope posts:read-drafts",
    responses={200: example(RULES), **OWN_READ},
)
async def get_related_rules(
    post_id: PostId, forwarder: ForwarderDep, principal: PrincipalDep, response: Response
) -> RulesOfPost:
    principal.require("posts:read-drafts")
    return (await forwarder.read_posts(f"/posts/{post_id}/related-rules", principal, RulesOfPost)).tagged(response)


@router.put(
    "/posts/{post_id}/related-rules",
    tags=["posts"],
    operation_id="ruleRelated",
    summary="Pin, forbid, limit or switch off related posts; needs posts:write, and posts:publish when readers see it",
    responses={200: example(RULES), **CHANGE},
)
async def put_related_rules(
    post_id: PostId,
    given: RelatedRules,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> RulesOfPost:
    principal.require("posts:write")
    path, sent = f"/posts/{post_id}/related-rules", conditions(if_match)
    return (await forwarder.write_posts("PUT", path, principal, RulesOfPost, given, conditions=sent)).tagged(response)


@router.get(
    "/related/progress",
    tags=["posts"],
    operation_id="getRelatedProgress",
    summary="How much the making of related posts still has to do; needs the scope import:run",
    responses={200: example(RELATED_PROGRESS), **OWN_LIST},
)
async def get_related_progress(forwarder: ForwarderDep, principal: PrincipalDep) -> RelatedProgress:
    principal.require("import:run")
    return (await forwarder.read_posts("/related/progress", principal, RelatedProgress)).value


@router.post(
    "/related/rebuild",
    tags=["posts"],
    operation_id="rebuildRelated",
    summary="Have all related posts made anew, a step at a time; needs the scope import:run",
    responses={200: example(RELATED_REBUILT), **WRITE},
)
async def rebuild_related(step: RebuildStep, forwarder: ForwarderDep, principal: PrincipalDep) -> RelatedRebuilt:
    principal.require("import:run")
    return await forwarder.to_posts("/related/rebuild", step, principal, RelatedRebuilt)
