"""What a change of comments touches: the pages that show it."""


def touched(post_id: int, *, is_said: bool = True, is_counted: bool = True) -> tuple[str, ...]:
    """`thread:ID` is whatever shows the thread, `comments` the newest of all threads, `count:ID` how many there are."""
    said, counted = ("comments",) * is_said, (f"count:{post_id}",) * is_counted
    return (f"thread:{post_id}", *said, *counted)
