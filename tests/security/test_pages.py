"""The client that looks at every page of every test sees what it should."""

import pytest

from tests.watching import problems


@pytest.mark.parametrize(
    "page",
    ["<p style='color:red'>", "<p onclick=a()>", "<p OnClick=a()>", "<script>1</script>", "<style>p{}</style>",
     "<a href='javascript:a()'>", "<a href=' JavaScript:a()'>", "<img src=//evil.example/x>", "<iframe src=/x>",
     "<a href='https://evil.example'>", "<form method=post action=/x></form>", "<base href=/x>",
     "<button hx-vals='js:{a:1}'>", "<button hx-on:click=a()>", "<p id=a id=b>"],
)  # fmt: skip
def test_it_finds(page):
    assert problems(page)


@pytest.mark.parametrize(
    "page",
    ["<p>on=style= &lt;script&gt; onclick=</p>", "<script src=/static/a.js defer></script>", "<a href=/x?next=//y>",
     "<form method=post><input name=csrf_token value=x></form>", "<form method=get></form>", "<p data-style=x>",
     "<textarea><script></textarea>".replace("<script>", "&lt;script&gt;"), "<img src=data:image/png;base64,x>"],
)  # fmt: skip
def test_it_lets_pass(page):
    assert not problems(page)


def test_it_looks_at_what_a_page_sends(app, client_for):
    app.add_url_rule("/unsafe", "unsafe", lambda: "<p onclick=run()>here</p>")
    with pytest.raises(AssertionError, match="onclick"):
        client_for("cqe").get("/unsafe")
