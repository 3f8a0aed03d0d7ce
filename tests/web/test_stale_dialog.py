"""Two people, one form: the second keeps what was typed and chooses."""

import re

TYPED = {"name": "Second <b>name</b>", "email": "second@example.com", "phone": "1"}


def first_saves(client_for):
    client_for("cqe").post("/account/contact", {"name": "First", "email": "", "phone": ""}, version=1)


def test_what_was_typed_is_shown_and_kept(client_for):
    first_saves(client_for)
    answer = client_for("cqe").post("/account/contact", TYPED, version=1)
    assert answer.status_code == 409
    assert "Somebody else was faster" in answer.text
    assert "Second &lt;b&gt;name&lt;/b&gt;" in answer.text
    assert "<dt>E-mail</dt>" in answer.text
    assert '<input type="hidden" name="email" value="second@example.com">' in answer.text
    assert '<input type="hidden" name="version" value="2">' in answer.text
    assert 'action="/account/contact"' in answer.text
    assert "data-error-page" in answer.text


def test_saving_over_it_sends_the_same_again_at_the_present_version(client_for):
    first_saves(client_for)
    browser = client_for("cqe")
    page = browser.post("/account/contact", TYPED, version=1, key="the-first-key").text
    fields = dict(
        re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)"', page[page.index("Save mine") - 2000 :]
        )
    )
    assert fields["idempotency_key"] != "the-first-key"
    assert browser.post("/account/contact", {**TYPED, "phone": "2"}, version=2).status_code == 303


def test_several_values_of_one_name_and_long_texts_survive(client_for):
    first_saves(client_for)
    typed = {**TYPED, "phone": ["1", "2"], "note": "one\ntwo"}
    page = client_for("cqe").post("/account/contact", typed, version=1).text
    assert page.count('name="phone"') == 2
    assert '<textarea name="note" hidden>\none\ntwo</textarea>' in page.replace("\r", "")


def test_htmx_loads_the_page_again_and_says_why(client_for):
    first_saves(client_for)
    browser = client_for("cqe")
    answer = browser.post("/account/contact", TYPED, version=1, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (409, "true")
    assert "Somebody else has changed this meanwhile" in browser.get("/account/").text


def test_a_form_without_a_version_is_a_bad_request(client_for):
    for version in ("", "x", "-1", "1" * 20):
        assert client_for("cqe").post("/account/contact", {**TYPED, "version": version}).status_code == 400
