"""The services behind the gateway, over sockets or in this process."""

from msgspec import Struct

from services.common.callers import caller_headers
from services.common.outgoing import Transports
from services.common.secret_files import load_or_create_secret
from services.common.sender import sender_to
from services.gateway.clients.comments import CommentsClient
from services.gateway.clients.posts import PostsClient
from services.gateway.clients.service import Service
from services.gateway.settings import GatewaySettings


class Upstreams(Struct, frozen=True):
    posts: PostsClient
    comments: CommentsClient

    async def close(self) -> None:
        await self.posts.service.close()
        await self.comments.close()


def connect(settings: GatewaySettings, transports: Transports) -> Upstreams:
    headers = caller_headers("gateway", load_or_create_secret(settings.secrets, "gateway"))

    def service(name: str, url: str, timeout_s: float) -> Service:
        return Service(name, sender_to(url, headers, transports.get(name)), timeout_s)

    return Upstreams(
        PostsClient(service("posts", settings.posts_url, settings.posts_timeout_s)),
        CommentsClient(service("comments", settings.comments_url, settings.comments_timeout_s)),
    )
