"""Random courses of returns: whatever is done in whatever order, no quantity is ever lost or made."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from eightd.domain.complaint import DefectKind
from eightd.domain.returns import steps
from eightd.domain.returns.course import RETURN_TRANSITIONS
from eightd.domain.returns.ledger import Held, entered, gone, here
from eightd.domain.returns.reconcile import reconcile, unexplained
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place, ReturnStage
from eightd.domain.returns.steps import Count, PlanEntry, Result, Step, Wrong
from eightd.domain.workflow.actions import Action

FEW = st.integers(-1, 12)
BECAUSE = st.sampled_from(["", "a box was empty"])
ENDING = (ReturnStage.REDELIVERED, ReturnStage.SETTLED, ReturnStage.CLOSED)
SKIPPED_TO = {ReturnStage.PLANNED, ReturnStage.REWORKED, ReturnStage.REDELIVERED, ReturnStage.DRAWN}
"""Where a step may lead beyond what the table names: stages in which nothing is left to be done, and back to test."""


def possible(action):
    return precondition(lambda self: (self.held.stage, action) in RETURN_TRANSITIONS)


class Course(RuleBasedStateMachine):
    """One return in the hands of people who type whatever comes to their mind."""

    @initialize(announced=st.integers(1, 10))
    def announce(self, announced):
        self.held = Held(ReturnStage.ANNOUNCED, announced)
        self.because, self.counted, self.received, self.sent = "", None, 0, 0

    def take(self, action, outcome, **then):
        if isinstance(outcome, Wrong):
            assert outcome.problems
            return False
        assert isinstance(outcome, Step)
        named = RETURN_TRANSITIONS[self.held.stage, action]
        assert outcome.stage is named or outcome.stage in SKIPPED_TO
        assert all(one.quantity > 0 for one in outcome.movements)
        self.held = Held(outcome.stage, self.held.announced, (*self.held.movements, *outcome.movements))
        for name, value in then.items():
            setattr(self, name, value)
        return True

    @possible(Action.RECEIVE_RETURN)
    @rule(quantity=FEW)
    def receive(self, quantity):
        if self.take(Action.RECEIVE_RETURN, steps.receive(quantity)):
            self.received += quantity

    @possible(Action.CHECK_RETURN)
    @rule(
        quantity=FEW,
        wrong=st.integers(-1, 3),
        found=st.sampled_from(["", "PA-9"]),
        because=BECAUSE,
        rest=st.booleans(),
    )
    def check(self, quantity, wrong, found, because, rest):
        outcome = steps.check(
            self.held, quantity=quantity, wrong=wrong, found_part=found, because=because, rest_comes=rest
        )
        self.take(Action.CHECK_RETURN, outcome, because=because, rest=rest)

    @possible(Action.BOOK_IN_RETURN)
    @rule(location=st.sampled_from(["", "R2-B07"]))
    def book_in(self, location):
        self.take(Action.BOOK_IN_RETURN, steps.book_in(self.held, location))

    @possible(Action.RECOUNT_RETURN)
    @rule(place=st.sampled_from(Place), quantity=FEW, because=BECAUSE)
    def recount(self, place, quantity, because):
        self.take(
            Action.RECOUNT_RETURN, steps.recount(self.held, place=place, quantity=quantity, because=because)
        )

    @possible(Action.DRAW_RETURN)
    @rule(quantity=FEW)
    def draw(self, quantity):
        self.take(Action.DRAW_RETURN, steps.draw(self.held, quantity))

    @possible(Action.COUNT_RETURN)
    @rule(ng=FEW, ntf=FEW, exact=st.booleans(), phenomenon=st.sampled_from(["", "no output"]))
    def count(self, ng, ntf, exact, phenomenon):
        kind = DefectKind.FUNCTIONAL if phenomenon else None
        ntf = self.held.at[Place.DRAWN] - ng if exact else ntf
        rows = [(kind, phenomenon, PieceVerdict.NG, ng), (None, "", PieceVerdict.NTF, ntf)]
        counts = [Count(*row) for row in rows if row[-1] or not exact]
        self.take(Action.COUNT_RETURN, steps.count(self.held, counts), counted=ng + ntf)

    @possible(Action.ANALYSE_RETURN)
    @rule(analysis=st.sampled_from(["", "C12 short"]), ntf=st.sampled_from(["", "2 h at 55 °C"]))
    def analyse(self, analysis, ntf):
        counts = [Count(None, "", PieceVerdict.NTF, 1)]
        self.take(Action.ANALYSE_RETURN, steps.analyse(counts, analysis=analysis, ntf_criteria=ntf))

    @possible(Action.PLAN_RETURN)
    @rule(shares=st.lists(st.tuples(st.sampled_from(Disposition), FEW), max_size=4), exact=st.booleans())
    def plan(self, shares, exact):
        rows = [PlanEntry(disposition, quantity, "how") for disposition, quantity in shares]
        lacking = here(self.held.at) - sum(row.quantity for row in rows)
        if exact and lacking:
            rows.append(PlanEntry(Disposition.RETURN_AS_IS, lacking))
        self.take(Action.PLAN_RETURN, steps.plan(self.held, rows, ""))

    @possible(Action.RECORD_REWORK)
    @rule(kind=st.sampled_from(Disposition), good=FEW, scrapped=FEW, note=BECAUSE)
    def rework(self, kind, good, scrapped, note):
        self.take(Action.RECORD_REWORK, steps.rework(self.held, [Result(kind, good, scrapped, note)]))

    @possible(Action.REDELIVER_RETURN)
    @rule(quantity=FEW)
    def redeliver(self, quantity):
        if self.take(Action.REDELIVER_RETURN, steps.redeliver(self.held, quantity)):
            self.sent += quantity

    @rule(to_rework=st.integers(0, 3), to_scrap=st.integers(0, 2))
    def go_on_as_one_should(self, to_rework, to_scrap):
        """Do the next step properly, so that courses come to their end."""
        held, at = self.held, self.held.at
        tested = at[Place.DRAWN]
        match held.stage:
            case ReturnStage.ANNOUNCED:
                self.receive(held.announced)
            case ReturnStage.RECEIVED:
                self.check(at[Place.ARRIVED], 0, "", "counted twice", False)
            case ReturnStage.CHECKED:
                self.book_in("R2-B07")
            case ReturnStage.BOOKED_IN if at[Place.STORED]:
                self.draw(at[Place.STORED])
            case ReturnStage.DRAWN:
                self.count(tested, 0, True, "no output")
            case ReturnStage.COUNTED:
                self.analyse("C12 short", "2 h at 55 °C")
            case ReturnStage.BOOKED_IN | ReturnStage.ANALYSED:
                self.plan([(Disposition.REWORK, to_rework), (Disposition.SCRAP, to_scrap)], True)
            case ReturnStage.PLANNED:
                self.rework(Disposition.REWORK, at[Place.TO_REWORK], 0, "")
                self.rework(Disposition.REPAIR, at[Place.TO_REPAIR], 0, "")
                self.rework(Disposition.SCRAP, 0, at[Place.TO_SCRAP], "")
            case ReturnStage.REWORKED:
                self.redeliver(at[Place.READY])

    @precondition(lambda self: self.held.stage in ENDING)
    @rule()
    def end(self):
        action = Action.SETTLE_RETURN if self.held.stage is ReturnStage.REDELIVERED else Action.CLOSE_RETURN
        if self.held.stage.is_open:
            self.take(action, Step(RETURN_TRANSITIONS[self.held.stage, action]))

    @invariant()
    def nothing_is_lost_or_made(self):
        if not hasattr(self, "held"):
            return
        at = self.held.at
        assert sum(at.values()) == 0
        assert entered(at) == here(at) + gone(at)
        assert -at[Place.CUSTOMER] == self.received
        assert at[Place.SENT_BACK] == self.sent
        assert all(
            quantity >= 0 for place, quantity in at.items() if place not in (Place.CUSTOMER, Place.SURPLUS)
        )

    @invariant()
    def what_differs_is_explained(self):
        if not hasattr(self, "held") or self.held.stage in (ReturnStage.ANNOUNCED, ReturnStage.RECEIVED):
            return
        lines = reconcile(self.held, because=self.because, counted=self.counted)
        announced = "reconcile.announced_found"  # what a rest explains is told by the returns that bring it
        assert {one.label.code for one in unexplained(lines)} <= ({announced} if self.rest else set())

    @invariant()
    def what_is_done_is_done(self):
        if hasattr(self, "held") and self.held.stage is ReturnStage.REDELIVERED:
            assert here(self.held.at) == self.held.at[Place.KEPT]


Course.TestCase.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
test_random_courses = Course.TestCase
