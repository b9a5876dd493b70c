"""What a change of comments touches: the pages that show it."""


def touched(post_id: int, *, is_counted: bool = True) -> tuple[str, ...]:
    """`thread:ID` is whatever shows the thread, `comments` the newest of all threads, `count:ID` how many there are."""
    shown = (f"thread:{post_id}", "comments")
    return (*shown, f"count:{post_id}") if is_counted else shown
