"""What is marked internal: replies do not quote it, and what stands beside it still belongs to the right row."""

from dataclasses import replace

from eightd.domain.correspondence import ReplyKind
from eightd.domain.discipline.answers import ActionAnswer, CorrectiveAction, Validation, ValidationAnswer
from eightd.domain.discipline.texts import keyed
from eightd.domain.words import Language
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.usecases import discipline
from eightd.usecases.replies import draft, facts
from tests.usecases.case import D1, D2, D3, D5, D6, answers


def test_a_reply_quotes_nothing_internal_and_takes_the_translation(case):
    case.confirmed()
    containment = answers()[D3]
    told = replace(containment.actions[0], key="", what="Only released lots are shipped")
    containment = keyed(replace(containment, actions=(*containment.actions, told)))
    hidden, told = containment.actions[0], containment.actions[-1]
    marked = replace(
        containment,
        written_in=Language.EN,
        translation={f"actions/{told.key}/what": "译成中文的措施"},
        internal=(f"actions/{hidden.key}",),
    )
    case.accept(D1, D2)
    case.work(discipline.submit, case.owner(D3), D3, answer=marked)
    case.accept(D3)
    for language, expected in ((Language.EN, told.what), (Language.ZH, "译成中文的措施")):
        done = draft.draft_reply(
            case.services.uow, case.world.order("sales"), number=case.number, kind=ReplyKind.INITIAL,
            language=language,
        )  # fmt: skip
        with case.services.uow.reading() as session:
            body = session.get_one(ReplyRow, done.id).body
        assert hidden.what not in body
        assert expected in body


def test_proofs_keep_to_their_actions_when_one_is_internal():
    actions = keyed(
        ActionAnswer(
            actions=(CorrectiveAction(action="secret"), CorrectiveAction(action="lock the setting")),
            internal=("actions/1",),
        )
    )
    proofs = ValidationAnswer(validations=(Validation(action=1, how="run"), Validation(action=0, how="kept")))
    shown = facts._for_customers({D5: actions, D6: keyed(proofs)}, Language.EN)
    assert [one.action for one in shown[D5].actions] == ["lock the setting"]
    assert [one.action for one in shown[D6].validations] == [0, None]
