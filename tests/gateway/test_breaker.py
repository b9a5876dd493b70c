"""The circuit breaker as a state machine: whatever happens in whatever order, it keeps its promises."""

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, precondition, rule

from services.gateway.calls.breaker import LONGEST_PAUSE_S, MAX_FAILURES, PAUSE_S, Breaker
from services.gateway.calls.retry_budget import RetryBudget


class BreakerMachine(RuleBasedStateMachine):
    """Calls begin and end in any order, some long after the breaker has turned."""

    permits = Bundle("permits")

    def __init__(self) -> None:
        super().__init__()
        self.breaker = Breaker()
        self.now = 0.0
        self.turns = 0
        self.in_a_row = 0
        self.trial: tuple[int, int] | None = None

    @rule(seconds=st.floats(0, 5))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(target=permits)
    def enter(self) -> tuple[int | None, int]:
        state, has_trial = self.breaker.state, self.trial is not None
        permit = self.breaker.enter()
        assert (permit is not None) == (state == "closed" or (state == "half-open" and not has_trial))
        if permit is not None and state == "half-open":
            self.trial = (permit, self.turns)
        return permit, self.turns

    @rule(permit=consumes(permits))
    def succeed(self, permit: tuple[int | None, int]) -> None:
        self.end(permit, self.breaker.succeeded, failed=False)

    @rule(permit=consumes(permits))
    def fail(self, permit: tuple[int | None, int]) -> None:
        self.end(permit, lambda given: self.breaker.failed(given, self.now), failed=True)

    @rule(permit=consumes(permits))
    def leave(self, permit: tuple[int | None, int]) -> None:
        self.end(permit, self.breaker.left, failed=None)

    def end(self, permit: tuple[int | None, int], tell: Callable[[int], None], *, failed: bool | None) -> None:
        given, turns = permit
        if given is None:
            return
        before, is_of_now = self.breaker.state, turns == self.turns
        tell(given)
        after = self.breaker.state
        if not is_of_now:
            assert after == before
            return
        if failed is not None:
            self.in_a_row = self.in_a_row + 1 if failed else 0
        if before == "closed":
            assert (after == "open") == (self.in_a_row >= MAX_FAILURES)
        else:
            assert after == {True: "open", False: "closed", None: "half-open"}[failed]
            self.trial = None
        self.note_turn(before)

    @precondition(lambda self: self.breaker.state == "open")
    @rule(answered=st.booleans())
    def ping(self, *, answered: bool) -> None:
        self.now = max(self.now, self.breaker.ping_at)
        self.breaker.pinged(self.now, answered=answered)
        assert self.breaker.state == ("half-open" if answered else "open")
        self.note_turn("open")

    @precondition(lambda self: self.breaker.state != "open")
    @rule(answered=st.booleans())
    def ping_late(self, *, answered: bool) -> None:
        before = self.breaker.state
        self.breaker.pinged(self.now, answered=answered)
        assert self.breaker.state == before

    def note_turn(self, before: str) -> None:
        if self.breaker.state != before:
            self.turns += 1
            self.in_a_row, self.trial = 0, None

    @invariant()
    def is_asked_again_soon(self) -> None:
        if self.breaker.state == "open":
            assert self.breaker.ping_at <= self.now + max(PAUSE_S, LONGEST_PAUSE_S)


TestBreaker = BreakerMachine.TestCase
TestBreaker.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)


def test_pauses_grow_while_what_answers_pings_fails_calls_and_not_after_it_is_back() -> None:
    breaker, pauses = Breaker(), []
    for _ in range(MAX_FAILURES):
        breaker.failed(breaker.enter() or 0, 0.0)
    for _ in range(5):
        pauses.append(breaker.ping_at)
        breaker.pinged(0.0, answered=True)
        permit = breaker.enter()
        assert permit is not None
        breaker.failed(permit, 0.0)
    assert pauses == [0.5, 1.0, 2.0, 3.0, 3.0]
    breaker.pinged(0.0, answered=True)
    breaker.succeeded(breaker.enter() or 0)
    assert breaker.state == "closed"
    for _ in range(MAX_FAILURES):
        breaker.failed(breaker.enter() or 0, 0.0)
    assert breaker.ping_at == PAUSE_S


def test_retries_are_a_tenth_of_the_calls() -> None:
    budget, spent = RetryBudget(), 0
    for _ in range(1000):
        budget.earn()
        spent += budget.spend()
    assert spent in {99, 100}
    for _ in range(1000):
        budget.earn()
    assert sum(budget.spend() for _ in range(1000)) == 10
