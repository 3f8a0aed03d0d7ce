"""Read the disciplines of an 8D record into answers (procedure 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    CausePath,
    CauseState,
    ClosureAnswer,
    ContainmentAction,
    ContainmentAnswer,
    CorrectiveAction,
    CostLine,
    Dimension,
    DocumentChange,
    DocumentType,
    EmergencyAnswer,
    Fishbone,
    FishboneCause,
    FishboneState,
    FiveWTwoH,
    IsIsNot,
    PreventionAnswer,
    ProblemAnswer,
    ReadAcross,
    RootCause,
    StockCheck,
    StockPlace,
    TeamAnswer,
    TeamMember,
    Validation,
    ValidationAnswer,
    Why,
    chain,
)
from eightd.domain.words import Language
from eightd.usecases.loading.fields import Record

_D = DisciplineCode


def read_answers(record: Record) -> dict[DisciplineCode, Answer]:
    """Return the answer of every discipline that the record has, in order."""
    readers: dict[DisciplineCode, tuple[str, Callable[[], Answer]]] = {
        _D.D0: ("d0", lambda: _emergency(record.record("d0"))),
        _D.D1: ("d1", lambda: _team(record.record("d1"))),
        _D.D2: ("d2", lambda: _problem(record.record("d2"))),
        _D.D3: ("d3", lambda: _containment(record.record("d3"))),
        _D.D4: ("d4", lambda: _causes(record.record("d4"))),
        _D.D5: ("d5", lambda: _actions(record)),
        _D.D6: ("d6", lambda: _validations(record)),
        _D.D7: ("d7", lambda: _prevention(record.record("d7"))),
        _D.D8: ("d8", lambda: _closure(record.record("d8"))),
    }
    return {code: read() for code, (key, read) in readers.items() if record.has(key)}


class _Beside(TypedDict):
    """What every answer carries beside its content."""

    written_in: Language
    translation: dict[str, str]
    internal: tuple[str, ...]


def _beside(record: Record) -> _Beside:
    """Read the translations by place; rows count from 1 there, as ``keyed`` numbers them."""
    other = record.record("translation")
    return {
        "written_in": record.choice("written_in", Language, {}) if record.has("written_in") else Language.ZH,
        "translation": {place: other.text(place) for place in other.fields},
        "internal": record.texts("internal"),
    }


def _emergency(d0: Record) -> EmergencyAnswer:
    return EmergencyAnswer(
        **_beside(d0),
        symptom=d0.text("symptom"),
        action=d0.text("action"),
        effect_percent=d0.number("effect_percent"),
        verified=d0.text("verified"),
        verified_at=d0.instant("verified_at"),
    )


def _team(d1: Record) -> TeamAnswer:
    return TeamAnswer(
        **_beside(d1),
        champion=d1.text("champion"),
        leader=d1.text("leader"),
        members=tuple(
            TeamMember(
                name=member.text("name"),
                department=member.text("department"),
                function=member.text("function"),
                phone=member.text("phone"),
                email=member.text("email"),
            )
            for member in d1.records("members")
        ),
    )


def _problem(d2: Record) -> ProblemAnswer:
    five = d2.record("five_w2h")
    return ProblemAnswer(
        **_beside(d2),
        customer_words=d2.text("customer_words"),
        our_words=d2.text("our_words"),
        five_w2h=FiveWTwoH(
            who=five.text("who"),
            what=five.text("what"),
            where=five.text("where"),
            when=five.text("when"),
            why=five.text("why"),
            how=five.text("how"),
            how_many=five.text("how_many"),
        ),
        is_is_not=tuple(
            IsIsNot(
                dimension=row.choice("dimension", Dimension, {}),
                is_=row.text("is"),
                is_not=row.text("is_not"),
                distinction=row.text("distinction"),
                change=row.text("change"),
            )
            for row in d2.records("is_is_not")
        ),
        specification=d2.text("specification"),
        actual=d2.text("actual"),
        effect_customer=d2.text("effect_customer"),
        effect_end_user=d2.text("effect_end_user"),
        history=d2.text("history"),
        other_parts=d2.text("other_parts"),
    )


def _containment(d3: Record) -> ContainmentAnswer:
    return ContainmentAnswer(
        **_beside(d3),
        delivered=d3.count("delivered"),
        stock=tuple(
            StockCheck(
                place=row.choice("place", StockPlace, {}),
                quantity=row.count("quantity"),
                checked=row.count("checked"),
                ng=row.count("ng"),
                on=row.day("on"),
                disposition=row.text("disposition"),
                marking=row.text("marking"),
            )
            for row in d3.records("stock")
        ),
        unaccounted_reason=d3.text("unaccounted_reason"),
        actions=tuple(
            ContainmentAction(
                what=row.text("what"),
                where=row.text("where"),
                owner=row.text("owner"),
                from_on=row.day("from_on"),
                effect_percent=row.number("effect_percent"),
                evidence=row.text("evidence"),
                due_on=row.day("due_on"),
            )
            for row in d3.records("actions")
        ),
        first_clean_lot=d3.text("first_clean_lot"),
    )


def _causes(d4: Record) -> CauseAnswer:
    bones = d4.record("fishbone")
    ntf = d4.record("ntf")
    return CauseAnswer(
        **_beside(d4),
        changes_before=d4.text("changes_before"),
        fishbone=Fishbone(
            man=_bone(bones, "man"),
            machine=_bone(bones, "machine"),
            material=_bone(bones, "material"),
            method=_bone(bones, "method"),
            environment=_bone(bones, "environment"),
            measurement=_bone(bones, "measurement"),
        ),
        causes=tuple(
            RootCause(
                path=row.choice("path", CausePath, {}),
                text=row.text("text"),
                share_percent=row.number("share_percent"),
                state=row.choice("state", CauseState, {}),
                how=row.text("how"),
                whys=_whys(row),
            )
            for row in d4.records("causes")
        ),
        ntf_quantity=ntf.count("quantity"),
        ntf_text=ntf.text("text"),
    )


def _bone(bones: Record, name: str) -> tuple[FishboneCause, ...]:
    if not bones.holds_objects(name):
        return tuple(FishboneCause(text=text) for text in bones.texts(name))
    return tuple(
        FishboneCause(
            text=row.text("text"),
            state=row.choice("state", FishboneState, {}) if row.has("state") else FishboneState.OPEN,
            reason=row.text("reason"),
            cause=row.position("cause"),
        )
        for row in bones.records(name)
    )


def _whys(cause: Record) -> tuple[Why, ...]:
    """Read a chain of texts, or a tree of objects with their levels."""
    if not cause.holds_objects("whys"):
        return chain(*cause.texts("whys"))
    return tuple(
        Why(text=row.text("text"), level=row.position("level") or 0, evidence=row.text("evidence"))
        for row in cause.records("whys")
    )


def _actions(record: Record) -> ActionAnswer:
    return ActionAnswer(
        **_beside(record.record("d5_beside")),
        options_considered=record.text("d5_options_considered"),
        actions=tuple(
            CorrectiveAction(
                cause=row.position("cause"),
                action=row.text("action"),
                error_proofing=row.text("error_proofing"),
                proof=row.text("proof"),
                side_effects=row.text("side_effects"),
                owner=row.text("owner"),
                planned_on=row.day("planned_on"),
            )
            for row in record.records("d5")
        ),
    )


def _validations(record: Record) -> ValidationAnswer:
    return ValidationAnswer(
        **_beside(record.record("d6_beside")),
        validations=tuple(
            Validation(
                action=row.position("action"),
                done_on=row.day("done_on"),
                from_lot=row.text("from_lot"),
                how=row.text("how"),
                sample_size=row.count("sample_size"),
                window=row.text("window"),
                before=row.text("before"),
                after=row.text("after"),
                before_ng=row.count("before_ng"),
                before_size=row.count("before_size"),
                after_ng=row.count("after_ng"),
            )
            for row in record.records("d6")
        ),
        interim_ended_on=record.day("d6_interim_ended_on"),
        customer_confirmation=record.text("d6_customer_confirmation"),
    )


def _prevention(d7: Record) -> PreventionAnswer:
    return PreventionAnswer(
        **_beside(d7),
        documents=tuple(
            DocumentChange(
                type=row.choice("type", DocumentType, {}),
                number=row.text("number"),
                from_revision=row.text("from"),
                to_revision=row.text("to"),
                on=row.day("on"),
                owner=row.text("owner"),
                none_reason=row.text("none_reason"),
            )
            for row in d7.records("documents")
        ),
        read_across=tuple(
            ReadAcross(
                where=row.text("where"),
                decision=row.text("decision"),
                owner=row.text("owner"),
                on=row.day("on"),
            )
            for row in d7.records("read_across")
        ),
        lesson=d7.text("lesson"),
        advice=d7.text("advice"),
    )


def _closure(d8: Record) -> ClosureAnswer:
    return ClosureAnswer(
        **_beside(d8),
        watch=d8.text("watch"),
        cost=tuple(
            CostLine(kind=row.text("kind"), amount=row.number("amount"), currency=row.text("currency", "CNY"))
            for row in d8.records("cost")
        ),
        thanks=d8.text("thanks"),
    )
