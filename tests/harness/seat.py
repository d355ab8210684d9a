"""One person at one real browser, for browser tests and figures. Needs requirements-dev.txt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

BROWSER = os.environ.get("BROWSER_PATH", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
_FIND_PLAYER = """
    const find = root => {
        const here = root.querySelector("div.studio");
        if (here) return here;
        for (const node of root.querySelectorAll("*"))
            if (node.shadowRoot) { const inner = find(node.shadowRoot); if (inner) return inner; }
        return null;
    };
    const root = find(document);
    const player = root && root.player;
"""


@contextmanager
def start_browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Seat:
    """A signed-in person with a page; ``annotate`` brings up the player.

    Attributes:
        name: Who sits here.
        errors: Uncaught errors of the page so far.
        http: A client with the same identity, for the API.
    """

    def __init__(
        self, browser: Browser | Tabs, studio: Studio, name: str = "Ann", size: tuple[int, int] = (1366, 768)
    ) -> None:
        """Sits down at a tab of ``Tabs``, or at a browser context that nobody has used, as figures need it."""
        self.studio = studio
        self.name = name
        self.errors: list[str] = []
        self.http = studio.sign_in(name)
        self._tabs = browser if isinstance(browser, Tabs) else Tabs(browser)
        self._is_shared = browser is self._tabs
        self._listeners: list[tuple[Page, str, Callable[..., None]]] = []
        page = self._tabs.take(size)
        self.context = page.context
        for cookie in self.http.cookies.jar:
            self.context.add_cookies(
                [{"name": cookie.name, "value": cookie.value or "", "url": studio.base, "httpOnly": True}]
            )
        self._use(page)

    def open_page(self) -> None:
        """A new tab, which becomes ``page``."""
        self._use(self.context.new_page())

    def _use(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(60_000)
        self.listen("pageerror", lambda error: self.errors.append(str(error)))

    def listen(self, event: str, handler: Callable[..., None]) -> None:
        """Calls ``handler`` for every such event of ``page`` until this person leaves."""
        self.page.on(event, handler)  # type: ignore[call-overload]
        self._listeners.append((self.page, event, handler))

    def allow_source_pixels(self) -> None:
        answer = self.http.post("/api/view", json={"most_revealing_view": "source"})
        assert answer.status_code == 200, answer.text

    def show(self, view: str) -> None:
        """Changes to a view that is allowed and ready, and waits until it is on the canvas."""
        self.run("await player.picture.setView(argument)", view)
        self.wait(f"player.mode === '{view}'")

    def visit(self, path: str) -> None:
        self.page.goto(self.studio.base + path)

    def annotate(self, video_id: int) -> None:
        """Opens a video and waits until its player is ready."""
        self.visit(f"/annotate?video={video_id}")
        self.wait("player.ready")
        self.focus()

    def focus(self) -> None:
        self.page.locator("div.studio").focus()

    def run(self, script: str, argument: Any = None) -> Any:
        """Runs the body of an async function with ``player`` and ``argument`` in scope."""
        code = f"async argument => {{ {_FIND_PLAYER} return await (async () => {{ {script} }})(); }}"
        return self.page.evaluate(code, argument)

    def wait(self, condition: str, timeout_s: float = 60) -> None:
        """Waits until an expression over ``player`` is true."""
        code = f"() => {{ {_FIND_PLAYER} return Boolean(player && ({condition})); }}"
        self.page.wait_for_function(code, timeout=timeout_s * 1000)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def wait_saved(self, timeout_s: float = 60) -> None:
        """Waits until nothing waits to be saved."""
        self.wait("player.edits.pendingCount === 0", timeout_s)

    def close(self) -> None:
        """Leaves the tab to the next person."""
        self.http.close()
        for page, event, handler in self._listeners:
            page.remove_listener(event, handler)
        if self._is_shared:
            self._tabs.give_back(self.context, self.studio.base)
        else:
            self.context.close()
