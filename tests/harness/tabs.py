"""Tabs of one browser at which people sit down in turn, each as if nobody had been there before.

A fresh browser context loads and compiles all of Streamlit again, which takes several times as long as
everything that a test then does; a tab that was used before has it at hand. Nothing else is handed on:
cookies, storage, listeners, routes, pressed keys and the place of the mouse are taken back.
"""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext, Page

_KEPT_BY_A_SITE = "cookies,local_storage,indexeddb,cache_storage,file_systems,service_workers"
_MODIFIERS = ("Shift", "Control", "Alt", "Meta")
_OUTSIDE = -1
"""Where the mouse hovers over nothing, in pixels."""


class Tabs:
    """Gives out tabs, each in a browser context of its own, and takes them back.

    Attributes:
        browser: Where they are, for who needs a context that nobody has used.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._free: list[Page] = []

    def take(self, size: tuple[int, int]) -> Page:
        """An empty tab with a window of ``size`` pixels, in a context in which nobody is signed in."""
        viewport = {"width": size[0], "height": size[1]}
        if not self._free:
            return self.browser.new_context(viewport=viewport).new_page()  # type: ignore[arg-type]
        page = self._free.pop()
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        return page

    def give_back(self, context: BrowserContext, origin: str) -> None:
        """Makes a context ready for the next person; of its tabs one stays."""
        page = next(iter(context.pages), None) or context.new_page()
        for other in context.pages:
            if other is not page:
                other.close()
        context.set_offline(False)
        page.unroute_all()
        if page.url.startswith(origin):
            page.evaluate("() => sessionStorage.clear()")
        page.goto("about:blank")
        self._let_go(page)
        session = context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _KEPT_BY_A_SITE})
        session.detach()
        context.clear_cookies()
        self._free.append(page)

    @staticmethod
    def _let_go(page: Page) -> None:
        """Leaves mouse, keyboard and what the page was told of its screen as a new tab has them."""
        page.mouse.up()
        page.mouse.move(_OUTSIDE, _OUTSIDE)
        for key in _MODIFIERS:
            page.keyboard.up(key)
        page.emulate_media(reduced_motion="null")
