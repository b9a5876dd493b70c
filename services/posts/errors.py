"""What can be wrong with a request to the posts service."""

from services.common.problems import Conflict, Invalid, NotFound


class PostNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("No live post or page is at this address.")


class PathInUse(Conflict):
    def __init__(self) -> None:
        super().__init__("This path belongs, or belonged, to another post.", pointer="/path")


class InvalidBody(Invalid):
    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__([{"pointer": pointer, "detail": detail}])


class NoSuchPost(NotFound):
    def __init__(self) -> None:
        super().__init__("No post or page has this id.")


class RevisionNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("The post has no such revision.")


class LabelNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("No label has this id.")


class AuthorNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("No author has this id.")


class LabelInUse(Conflict):
    def __init__(self) -> None:
        super().__init__("Another label has this name: merge the two instead.", pointer="/name")


class AuthorInUse(Conflict):
    def __init__(self) -> None:
        super().__init__("Posts bear this author's name: give them another first.")


class InTrash(Conflict):
    def __init__(self) -> None:
        super().__init__("It is in the trash: restore it first.")


class NotInTrash(Conflict):
    def __init__(self) -> None:
        super().__init__("It is not in the trash.")
