"""The page on which a customer is asked for a sample."""

import pytest

from eightd.domain.messages import RelayKind
from eightd.persistence.tables.messaging import OutsideMailRow, RelayRow
from tests import complaints


@pytest.fixture
def number(world):
    return complaints.registered(world).number


def test_the_letter_is_looked_through_and_sent(client_for, world, number):
    sales = client_for("sales")
    path = f"/complaints/{number}/returns/ask"
    assert path in sales.get(f"/complaints/{number}/returns").text
    page = sales.get(path).text
    assert "No mail server is set up" in page
    assert number in page
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(RelayRow(kind=RelayKind.SMTP, name="mail", settings={"host": "127.0.0.1"}))
    page = sales.get(f"{path}?language=en").text
    assert "we still wait for the rejected pieces" in page
    refused = sales.post(path, {"recipients": "nobody", "subject": "s", "body": "b", "language": "en"})
    assert (refused.status_code, "is no mail address" in refused.text) == (422, True)
    sent = {"recipients": "a@example.com, b@example.com", "subject": "s", "body": "b", "language": "en"}
    assert sales.post(path, sent).status_code == 303
    with world.services.uow.reading() as session:
        (mail,) = session.query(OutsideMailRow)
    assert (mail.recipients, mail.language) == (["a@example.com", "b@example.com"], "en")
    assert client_for("te").get(path).status_code == 409
    assert client_for("sales").get("/complaints/CC-2026-09999/returns/ask").status_code == 404
