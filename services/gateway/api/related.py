"""Related articles: listed for everybody, ruled by editors, made anew."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.compose.model import RelatedList
from services.gateway.compose.related_lists import MAX_LINKS, related_list
from services.gateway.deps import ComposerDep, ForwarderDep
from services.gateway.examples import RELATED, RELATED_OWED, RELATED_PROGRESS, RELATED_RULES, example
from services.gateway.parameters import ArticleId, IfMatch, PostId, conditions
from services.gateway.responses import CHANGE, OWN_LIST, OWN_READ, WRITE
from services.gateway.schemas.rebuild import RebuildStep
from services.gateway.schemas.related import RelatedOwed, RelatedProgress, RelatedRules, StoredRelatedRules

router = APIRouter(prefix="/api/v1", dependencies=[Depends(json_only)])


@router.get(
    "/articles/{article_id}/related",
    operation_id="listRelated",
    summary="The related links of an article; `explain` needs the scope posts:read-drafts",
    tags=["articles"],
    responses={200: example(RELATED), **OWN_READ},
)
async def list_related(
    article_id: ArticleId,
    composer: ComposerDep,
    principal: PrincipalDep,
    limit: Annotated[int | None, Query(ge=1, le=MAX_LINKS, description="As many as the page shows by default.")] = None,
    explain: Annotated[bool, Query(description="With what the scores of computed ones are made of.")] = False,
) -> RelatedList:
    if explain:
        principal.require("posts:read-drafts")
    asking = principal if explain else None
    return await related_list(composer.upstreams, composer.settings, article_id, limit, asking)


@router.get(
    "/posts/{post_id}/related-rules",
    operation_id="getRelatedRules",
    summary="The rules for a post's related links, with the post's ETag; needs the scope posts:read-drafts",
    tags=["posts"],
    responses={200: example(RELATED_RULES), **OWN_READ},
)
async def get_related_rules(
    post_id: PostId, forwarder: ForwarderDep, principal: PrincipalDep, response: Response
) -> StoredRelatedRules:
    principal.require("posts:read-drafts")
    found = await forwarder.read_posts(f"/posts/{post_id}/related-rules", principal, StoredRelatedRules)
    return found.tagged(response)


@router.put(
    "/posts/{post_id}/related-rules",
    operation_id="setRelatedRules",
    summary="Pin and forbid related posts; needs posts:write, and posts:publish when readers see the post",
    tags=["posts"],
    responses={200: example(RELATED_RULES), **CHANGE},
)
async def set_related_rules(
    post_id: PostId,
    given: RelatedRules,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> StoredRelatedRules:
    principal.require("posts:write")
    path, sent = f"/posts/{post_id}/related-rules", conditions(if_match)
    stored = await forwarder.write_posts("PUT", path, principal, StoredRelatedRules, given, conditions=sent)
    return stored.tagged(response)


@router.get(
    "/related/progress",
    operation_id="getRelatedProgress",
    summary="How many posts wait to be related; needs the scope import:run",
    tags=["import"],
    responses={200: example(RELATED_PROGRESS), **OWN_LIST},
)
async def get_related_progress(forwarder: ForwarderDep, principal: PrincipalDep) -> RelatedProgress:
    principal.require("import:run")
    return (await forwarder.read_posts("/related/progress", principal, RelatedProgress)).value


@router.post(
    "/related/rebuild",
    operation_id="rebuildRelated",
    summary="Have all posts related anew, a step at a time; needs the scope import:run",
    tags=["import"],
    responses={200: example(RELATED_OWED), **WRITE},
)
async def rebuild_related(step: RebuildStep, forwarder: ForwarderDep, principal: PrincipalDep) -> RelatedOwed:
    principal.require("import:run")
    return await forwarder.to_posts("/related/rebuild", step, principal, RelatedOwed)
