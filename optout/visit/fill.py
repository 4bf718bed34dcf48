"""The one way a login, a password or a code gets onto a page."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.errors import PageUnexpected
from optout.model import Why
from optout.page_scripts import script

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle

    from optout.accounts.secret import Secret
    from optout.visit.tab import Tab


async def fill_secret(tab: Tab, field: ElementHandle, secret: Secret) -> None:
    """Type a secret into a field, under the same conditions as `fill_field`."""
    await fill_field(tab, field, secret.reveal())


async def fill_field(tab: Tab, field: ElementHandle, text: str) -> None:
    """Type into a field of a sign-in form, if its whole frame chain belongs to the flow.

    The field is a handle, which dies when its document is replaced: nothing can be slipped in between
    the check and the typing.

    Raises:
        PageUnexpected: the field is somewhere else, or cannot be filled. The browser's own message is
            dropped, because it repeats what was typed.
    """
    await tab.fence.may_type_into(field)
    with contextlib.suppress(BrowserError):
        await field.fill(text, timeout=tab.patience.press * 1000)
        return
    # Raised out here, so that the browser's error is not even its context.
    raise PageUnexpected(
        "a field of the sign-in form could not be filled",
        step="sign-in",
        expected="a visible, enabled text field",
        next_step="Sign in yourself: run again with --mode attended.",
        why=Why.SIGN_IN_UNKNOWN,
    )


async def first_visible(tab: Tab, selectors: tuple[str, ...]) -> ElementHandle | None:
    """The first visible element in page order that one of the selectors matches.

    Sign-in pages carry hidden copies of their fields, so the first match is often the wrong one.
    """
    if not selectors:
        return None
    found = await tab.page.evaluate_handle(script("first-visible"), ", ".join(selectors))
    return found.as_element()
