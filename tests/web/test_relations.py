"""Related complaints and trivial cases together, through the pages."""

from eightd.domain.complaint import DefectKind, Stage
from eightd.domain.workflow.snapshot import ReportForm
from eightd.usecases.registration import Counts, DefectEntry
from tests.usecases.case import D4, Case
from tests.web.casework import text_of

TEXT = {
    "leader": "Wang", "found": "cosmetic only", "stock": "200", "stock_ng": "0", "correction": "sorted 200 pieces",
    "cause": "worn tray", "path": "occurrence", "verified_how": "tray changed, no more scratches",
    "no_sample_because": "the pictures show it",
}  # fmt: skip


def trivial(world, number):
    line = DefectEntry(DefectKind.APPEARANCE, f"轻微划痕{number}", 2, None, "light scratch")
    return Case(world, counts=Counts((line,), 600), demands=(), contact="Ms Lin")


def test_trivial_cases_are_answered_accepted_and_sent_together(world, client_for):
    cases = [trivial(world, n) for n in range(3)]
    numbers = [case.number for case in cases]
    cqe = client_for("cqe")
    page = cqe.get("/short-answers")
    assert all(number in page.text for number in numbers)
    assert cqe.post("/short-answers/answer", {**TEXT, "number": []}).status_code == 422
    assert cqe.post("/short-answers/answer", {**TEXT, "cause": "", "number": numbers}).status_code == 422
    answered = cqe.post(
        "/short-answers/answer",
        {**TEXT, "number": [*numbers[:2], "CC-1999-00001"]},
        key="a1b2c3d4e5f60718293a4b5c6d7e8f90",
    )
    assert answered.status_code == 200
    said = text_of(answered.text)
    assert "There is no such complaint" in said
    assert {case.row.form for case in cases[:2]} == {ReportForm.SHORT}
    again = cqe.post(
        "/short-answers/answer", {**TEXT, "number": numbers[:1]}, key="a1b2c3d4e5f60718293a4b5c6d7e8f90"
    )
    assert again.status_code == 200
    own = cqe.post("/short-answers/accept", {"number": numbers[:1]})
    assert "somebody other than the person who submitted it" in text_of(own.text)
    manager = client_for("quality_manager")
    manager.post("/short-answers/accept", {"number": numbers[:1]})
    manager.post("/short-answers/accept", {"number": numbers[1:2]})
    sales = client_for("sales")
    assert numbers[0] in sales.get("/short-answers").text
    sales.post(
        "/short-answers/send", {"number": numbers[:2], "means": "email", "proof": "sent from the mailbox"}
    )
    assert [case.row.stage for case in cases] == [Stage.REPORTED, Stage.REPORTED, Stage.REGISTERED]
    assert client_for("auditor").get("/short-answers").status_code == 404


def test_answered_together_split_and_compared_through_the_pages(world, client_for):
    first = Case(world).analysed()
    second = Case(world).confirmed(sample_needed=False)
    cqe = client_for("cqe")
    path = f"/complaints/{second.number}/relations"
    page = text_of(cqe.get(path).text)
    assert first.number in page
    assert "Not answered" in page
    asked = cqe.post(
        f"{path}/matches/{first.number}", {"same_cause": "no"}, version=second.row.version, follow=True
    )
    assert "Please say why it is another cause" in text_of(asked.text)
    cqe.post(
        f"{path}/matches/{first.number}",
        {"same_cause": "no", "because": "other lot"},
        version=second.row.version,
    )
    assert "Other cause" in text_of(cqe.get(path).text)
    assert first.number in cqe.get(f"{path}/merge").text
    wrong = cqe.post(f"{path}/merge", {"leader": "CC-1", "reason": "x"}, version=second.row.version)
    assert wrong.status_code == 422
    merged = cqe.post(
        f"{path}/merge", {"leader": first.number, "reason": "same lot"}, version=second.row.version
    )
    assert merged.status_code == 303
    assert second.number in cqe.get(f"/complaints/{first.number}/relations").text
    workbench = cqe.get(f"/complaints/{second.number}/{D4.value}")
    assert workbench.status_code == 200
    assert first.number in workbench.text
    stale = cqe.post(f"{path}/unmerge", {"reason": "x"}, version=1)
    assert stale.status_code == 409
    assert cqe.post(f"{path}/unmerge", {"reason": "x"}, version=second.row.version).status_code == 303
    assert cqe.get(f"{path}/split").status_code == 200
    assert client_for("stranger").get(path).status_code == 404
