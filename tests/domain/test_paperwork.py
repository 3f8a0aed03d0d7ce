"""Which document may be issued when."""

import pytest

from eightd.domain.complaint import Stage
from eightd.domain.paperwork import NOT_APPROVED, NOT_OURS_ONLY, DocumentKind, hindrance
from tests.domain.workflow.course import complaint

K, S = DocumentKind, Stage


@pytest.mark.parametrize(
    ("kind", "ours", "stage", "hindered_by"),
    [
        (K.COMPLAINT_NOTICE, None, S.REGISTERED, None),
        (K.COMPLAINT_NOTICE, False, S.NOT_OURS, None),
        (K.HANDLING_FORM, True, S.CLOSED, None),
        (K.EXPLANATION_LETTER, None, S.REGISTERED, NOT_OURS_ONLY),
        (K.EXPLANATION_LETTER, True, S.ANALYSING, NOT_OURS_ONLY),
        (K.EXPLANATION_LETTER, False, S.NOT_OURS, NOT_APPROVED),
        (K.EXPLANATION_LETTER, False, S.NOT_OURS_APPROVED, None),
        (K.EXPLANATION_LETTER, False, S.NEGOTIATING, None),
        (K.EXPLANATION_LETTER, False, S.CLOSED, None),
    ],
)
def test_when_a_document_may_be_issued(kind, ours, stage, hindered_by):
    found = hindrance(kind, complaint(stage, ours=ours))
    assert (found and found.phrase) == hindered_by


def test_only_the_letter_leaves_the_plant():
    assert [kind for kind in K if kind.is_for_customers] == [K.EXPLANATION_LETTER]
