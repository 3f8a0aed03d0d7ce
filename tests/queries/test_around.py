"""What stands around a complaint, in figures: its own and nobody else's, in one statement."""

from eightd.queries.around import Around, Figure, around
from tests import complaints
from tests.asked import questions
from tests.web.returns_work import announced


def test_a_complaint_alone_has_nothing_around_it(world):
    done = complaints.registered(world)
    with world.services.uow.reading() as session, questions(world.services) as asked:
        found = around(session, done.number)
    assert (found.returns, found.suppliers, found.money, found.satisfaction) == (Figure(),) * 4
    assert len(asked) == 1


def test_returns_are_counted_for_their_own_complaint(world):
    first, second = complaints.registered(world), complaints.registered(world)
    announced(world, first.number)
    announced(world, first.number)
    with world.services.uow.reading() as session:
        assert around(session, first.number).returns == Figure(2, 2)
        assert around(session, second.number).returns == Figure()
        assert around(session, "CC-2020-00001") == Around()


def test_the_page_leads_there(world, client_for):
    done = complaints.registered(world)
    announced(world, done.number)
    page = client_for("cqe").get(f"/complaints/{done.number}").text
    assert f'href="/complaints/{done.number}/returns"' in page
    assert "1 open" in page
