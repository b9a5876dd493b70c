"""An address of a thread stands for a few paths of posts, the likeliest first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.migration.addresses import MAX_PATHS, address_of_post, paths_of, post_id_of


@pytest.mark.parametrize(
    ("address", "paths"),
    [
        ("/2022/01/x.html", ("/2022/01/x.html", "/2022/01/x", "/2022/01/x/")),
        ("https://b.example/2022/01/x/?m=1#c7", ("/2022/01/x/", "/2022/01/x.html", "/2022/01/x")),
        ("//b.example:8080/X", ("/X", "/X.html", "/X/")),
        ("https://b.example/x/index.html", ("/x/index.html", "/x.html", "/x", "/x/")),
        ("  /caf%C3%A9/%7Eme ", ("/café/~me", "/café/~me.html", "/café/~me/")),
        ("about.html", ("/about.html", "/about", "/about/")),
        ("/", ()),
        ("", ()),
        ("https://b.example", ()),
        ("/?p=12", ()),
        ("https://[broken/x", ()),
        ("/" + "x" * 5000, ()),
        ("/a\u0000b\ud800", ("/ab", "/ab.html", "/ab/")),
    ],
)
def test_paths_of_an_address(address: str, paths: tuple[str, ...]) -> None:
    assert paths_of(address) == paths


@given(st.text(max_size=60))
def test_paths_are_few_and_can_be_sent(text: str) -> None:
    found = paths_of(text)
    assert len(found) <= MAX_PATHS
    assert all(path.startswith("/") and path.encode() for path in found)


def test_posts_are_named_by_their_ids() -> None:
    assert post_id_of(address_of_post("12")) == "12"
    assert post_id_of("/dateline-post:12") is None
