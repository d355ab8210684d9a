"""The pages over an empty project, seen by a known person.

AppTest has no browser and so no cookies; only Streamlit's own view of the request is
set here, with a cookie that our own code signs and verifies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from db.engine import close_database
from db.people import Annotator
from imigue_core.settings import Settings
from imigue_core.web.identity import load_secret, name_cookie, sign_annotator
from tests.harness.places import ROOT

ENTRY = ROOT / "pages" / "_navigation.py"
OpenPage = Callable[..., AppTest]

NASTY_NAMES = ("<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", r"$\LaTeX$", ":red[blood]", "a :smile: *b*")


@pytest.fixture
def open_page(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """Runs a page of the project as a person (None: nobody is known) and returns what it shows."""
    monkeypatch.setenv("IMIGUE_DATA", str(settings.data))

    def run(page: str = "library", person: Annotator | None = None, cookie: str | None = None, **query: str) -> AppTest:
        if person is not None:
            cookie = sign_annotator(load_secret(settings), person.annotator_id)
        cookies = {name_cookie(load_secret(settings)): cookie} if cookie else {}
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: cookies))
        app = AppTest.from_file(str(ENTRY), default_timeout=30)
        app.query_params.update(query)
        if page != "library":
            app.switch_page(f"{page}.py")
        return app.run()

    yield run
    close_database(settings)


def list_html(app: AppTest) -> str:
    """All HTML that the page itself wrote."""
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def find_part(app: AppTest, name: str) -> dict[str, Any]:
    """What a browser part of the page was given; the part must be on the page."""
    import orjson

    for element in app.get("bidi_component"):
        if element.proto.component_name.endswith(name):
            return dict(orjson.loads(element.proto.json))
    raise AssertionError(f"no part {name!r} on the page")


def has_part(app: AppTest, name: str) -> bool:
    return any(element.proto.component_name.endswith(name) for element in app.get("bidi_component"))
