"""A page on paper, printed by the browser that visits are made with."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError
from playwright.async_api import async_playwright

from optout.errors import NotUsableHere
from optout.visit.install import find_or_install

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = """<div style="width: 100%; padding: 0 14mm; font: 8px sans-serif; color: #4f5968;
text-align: right"><span class="pageNumber"></span> / <span class="totalPages"></span></div>"""


async def printed(page: bytes, tell: Callable[[str], None]) -> bytes:
    """A page of HTML as PDF. The browser runs no script and reaches nothing meanwhile.

    Args:
        page: the page, in UTF-8.
        tell: called with a sentence where something takes long.

    Raises:
        NotUsableHere: there is no browser, or it does not print.
    """
    async with async_playwright() as playwright:
        bundled = Path(playwright.chromium.executable_path)
        found = await asyncio.to_thread(find_or_install, bundled, headed=False, tell=tell)
        sandbox = getattr(os, "geteuid", lambda: 1)() != 0
        try:
            browser = await playwright.chromium.launch(
                executable_path=found.path, headless=True, chromium_sandbox=sandbox
            )
            try:
                context = await browser.new_context(java_script_enabled=False, offline=True)
                sheet = await context.new_page()
                await sheet.set_content(page.decode(), wait_until="load")
                return await sheet.pdf(
                    prefer_css_page_size=True,
                    print_background=True,
                    tagged=True,
                    outline=True,
                    display_header_footer=True,
                    header_template="<span></span>",
                    footer_template=_NUMBERS,
                )
            finally:
                await browser.close()
        except BrowserError as error:
            raise NotUsableHere(
                f"the browser {found} could not print the page",
                step="pdf",
                found=str(error).splitlines()[0][:200],
                next_step="Use --html and print the page from your own browser, or name another "
                "browser in OPTOUT_BROWSER.",
            ) from None
