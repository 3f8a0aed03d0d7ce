"""The audit page: for auditors and the quality manager, of what they may see; verified, filtered, kept."""

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from eightd import usecases as usecase_package
from eightd.domain.events import EventTag
from eightd.domain.words import Language
from eightd.persistence.tables.record import AuditRow
from eightd.usecases import accounts
from eightd.web import audit_words
from tests.complaints import registered


@pytest.fixture
def numbers(world, services):
    """Complaints of the own customer and of a foreign one, and an entry of administration."""
    accounts.set_language(services.uow, world.order("cqe"), language=Language.ZH)
    return registered(world).number, registered(world, by="limited", foreign_customer=True).number


def test_others_find_nothing(client_for, numbers):
    for login in ("admin", "sales", "cqe", "te"):
        browser = client_for(login)
        assert browser.get("/audit").status_code == 404
        assert browser.post("/audit/verify").status_code == 404
        assert browser.get("/audit/heads.json").status_code == 404


def test_entries_are_those_of_what_may_be_seen(client_for, numbers, services, world):
    auditor, manager, stranger = (
        client_for(one).get("/audit").text for one in ("auditor", "quality_manager", "stranger")
    )
    for number in numbers:
        assert number in auditor
        assert number in manager
        assert number not in stranger
    assert "Own language changed" in auditor
    assert "Own language changed" not in manager
    assert "English</span> → Chinese" in auditor


def test_filters_stay_in_the_address(client_for, numbers):
    auditor = client_for("auditor")
    one = auditor.get(f"/audit?about={numbers[0].lower()}").text
    assert numbers[0] in one
    assert numbers[1] not in one
    assert "Own language changed</div>" not in one
    only = auditor.get("/audit?about=system").text
    assert numbers[0] not in only
    assert "No entries" in auditor.get("/audit?person=nobody").text
    assert "No entries" in auditor.get("/audit?until=2026-03-11").text
    assert numbers[0] in auditor.get("/audit?from=2026-03-12&until=2026-03-12&tag=complaint.registered").text
    assert auditor.get("/audit?from=x&until=99999-01-01&after=y&tag=z").status_code == 200


def test_pages_go_on_by_key(client_for, world, services):
    for index in range(60):
        accounts.set_language(
            services.uow, world.order("cqe"), language=[Language.ZH, Language.EN][index % 2]
        )
    auditor = client_for("auditor")
    first = auditor.get("/audit?about=system")
    following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "about=system" in following
    second = auditor.get(following).text
    assert "#60<" in first.text
    assert "#10<" in second
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_verify_says_what_is_sound_and_leaves_an_entry(client_for, numbers, services):
    answer = client_for("auditor").post("/audit/verify")
    assert answer.status_code == 200
    assert "3 chains" in answer.text
    assert "sound" in answer.text
    with services.uow.reading() as session:
        last = session.execute(sa.select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).scalar_one()
    assert (last.tag, last.chain, last.new["sound"]) == ("audit.verified", "system", True)


@pytest.mark.parametrize(("login", "named"), [("auditor", True), ("stranger", False)])
def test_verify_names_the_first_flaw_but_not_what_is_hidden(
    client_for, numbers, services, world, login, named
):
    with services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.text("UPDATE audit_entry SET actor_name = 'x' WHERE chain = 'complaint:1'"))
    text = client_for(login).post("/audit/verify").text
    assert "its content was changed" in text
    assert (f"Record of complaint {numbers[0]}" in text) is named
    assert ("a complaint that you may not see" in text) is not named


def test_a_flaw_of_administration_leaves_no_entry(client_for, numbers, services, world):
    with services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.text("DELETE FROM audit_entry WHERE chain = 'system'"))
    assert "Record of administration" in client_for("auditor").post("/audit/verify").text
    with services.uow.reading() as session:
        assert session.execute(sa.select(AuditRow).where(AuditRow.chain == "system")).first() is None


def test_heads_are_handed_out_to_be_kept(client_for, numbers):
    answer = client_for("auditor").get("/audit/heads.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    chains = {one["chain"] for one in json.loads(answer.text)["heads"]}
    assert chains == {"system", "complaint:1", "complaint:2"}
    manager = json.loads(client_for("quality_manager").get("/audit/heads.json").text)
    assert {one["chain"] for one in manager["heads"]} == chains - {"system"}
    stranger = json.loads(client_for("stranger").get("/audit/heads.json").text)
    assert stranger["heads"] == []


def test_the_page_speaks_chinese(client_for, numbers):
    auditor = client_for("auditor")
    auditor.post("/account/language", {"language": "zh"})
    page = auditor.post("/audit/verify").text
    assert "完好" in page
    assert "登记" in page


def test_every_tag_that_a_verb_writes_has_words():
    usecases = Path(usecase_package.__file__).parent
    written = re.compile(r'\.record\(\s*"([a-z_]+\.[a-z_]+)"')
    tags = {
        tag for path in usecases.rglob("*.py") for tag in written.findall(path.read_text(encoding="utf-8"))
    }
    assert {"user.created", "calendar.version_made"} <= tags
    assert tags | set(EventTag) <= set(audit_words.TAGS)
    nouns = {"plant", "customer", "part", "phenomenon"}
    assert {f"{noun}.{what}" for noun in nouns for what in ("created", "changed")} <= set(audit_words.TAGS)
