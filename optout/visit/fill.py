"""The one way a login, a password or a code gets onto a page."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.errors import PageUnexpected
from optout.model import Why
from optout.page_scripts import script
from optout.visit.element import Element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.accounts.secret import Secret
    from optout.visit.tab import Tab


async def fill_secret(tab: Tab, field: Element, secret: Secret) -> None:
    """Type a secret, under the same conditions as `fill_fields`."""
    await fill_fields(tab, (field, secret))


async def fill_fields(tab: Tab, *fields: tuple[Element, str | Secret]) -> None:
    """Type into fields of a sign-in form, if the whole frame chain of each belongs to the flow.

    A field's mark goes with its document, and no other document knows it: nothing can be slipped in
    between the check and the typing. Where one must not be typed into, nothing is typed into any.

    Args:
        tab: the page.
        fields: each with what is typed into it, in that order.

    Raises:
        PageUnexpected: a field is somewhere else, or cannot be filled. The browser's own message is
            dropped, because it repeats what was typed.
    """
    await tab.fence.may_type_into(*(field for field, _ in fields))
    with contextlib.suppress(BrowserError):
        for field, text in fields:
            typed = text if isinstance(text, str) else text.reveal()
            await field.locator.fill(typed, timeout=tab.patience.press * 1000)
        return
    # Raised out here, so that the browser's error is not even its context.
    raise PageUnexpected(
        "a field of the sign-in form could not be filled",
        step="sign-in",
        expected="a visible, enabled text field",
        next_step="Sign in yourself: run again with --mode attended.",
        why=Why.SIGN_IN_UNKNOWN,
    )


async def first_visible(tab: Tab, *asked: Sequence[str]) -> list[Element | None]:
    """The first visible element in page order that one of the selectors matches, for each list of them.

    Sign-in pages carry hidden copies of their fields, so the first match is often the wrong one.
    """
    if not any(asked):
        return [None for _ in asked]
    elements = [Element(tab.page.main_frame) for _ in asked]
    told = [[", ".join(each), element.mark] for each, element in zip(asked, elements, strict=True)]
    found = await tab.page.evaluate(script("first-visible"), told)
    return [element if there else None for element, there in zip(elements, found, strict=True)]
