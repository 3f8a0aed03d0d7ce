"""No form of another site is carried out."""

import pytest
from werkzeug.routing import AnyConverter


def unsafe_routes(app):
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}):
            yield rule, method


def some(rule, name):
    """Return a value that the route takes at this place."""
    converter = rule._converters[name]
    return next(iter(sorted(converter.items))) if isinstance(converter, AnyConverter) else "1"


def test_every_unsafe_route_asks_for_a_token(app, client_for):
    browser = client_for("admin")
    with app.test_request_context():
        for rule, method in unsafe_routes(app):
            path = rule.build({name: some(rule, name) for name in rule.arguments}, append_unknown=False)
            if path is None or rule.endpoint.startswith("api."):
                continue
            answer = browser.client.open(path[1], method=method, data={"idempotency_key": "test-key-0"})
            assert answer.status_code in {400, 404}, f"{method} {rule}"
            assert answer.status_code == 404 or "too old" in answer.text, f"{method} {rule}"


@pytest.mark.parametrize("token", ["", "wrong", "x.y.z"])
def test_a_wrong_token_is_refused(client_for, token):
    answer = client_for("cqe").post("/account/sessions/end", {"csrf_token": token})
    assert answer.status_code == 400
    assert "This page was too old" in answer.text


def test_a_token_of_another_session_is_refused(client_for):
    other = client_for(None)
    with other.client.session_transaction() as session:
        session["csrf_token"] = "another session's"
    assert client_for("cqe").post("/account/sessions/end", {"csrf_token": other.token()}).status_code == 400


def test_the_header_does_for_htmx(client_for):
    browser = client_for("cqe")
    headers = {"X-CSRFToken": browser.token(), "HX-Request": "true", "Idempotency-Key": "key-of-this-call"}
    assert browser.client.post("/account/sessions/end", headers=headers).status_code == 303


def test_the_page_of_a_session_that_ended_says_so(client_for):
    answer = client_for(None).post("/account/sessions/end", {"csrf_token": ""})
    assert answer.status_code == 400
    assert "Your session has ended" in answer.text
