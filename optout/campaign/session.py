"""The session an account was left with: opened where it may be used, and said why where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.accounts.browser_state import Binding
from optout.errors import SecretUnavailable
from optout.model import Mode

if TYPE_CHECKING:
    from collections.abc import Callable

    from optout.accounts.sessions import StoredSession
    from optout.campaign.plan import Plan
    from optout.campaign.surroundings import Surroundings
    from optout.model import Account
    from optout.visit.browser import OpenBrowser


def kept_session(
    account: Account,
    chosen: Plan,
    around: Surroundings,
    browser: OpenBrowser,
    tell: Callable[[str], None],
) -> StoredSession | None:
    """The account's kept session, if it belongs to the browser at hand and opens.

    Args:
        account: whose.
        chosen: how it is visited.
        around: where sessions are.
        browser: the one that would use it.
        tell: called with a sentence where there is a session that is not used.

    Raises:
        SecretUnavailable: it does not open, and there is no other way to sign in.
    """
    kept = chosen.kept
    if kept is None:
        return None
    try:
        if isinstance(kept, SecretUnavailable):
            raise kept
        # A platform ends a session at once that turns up in another browser.
        if not kept.fits(binding_of(browser)):
            tell(
                f"The kept session of {account} was made in {_shown(kept.binding)} and is not used "
                f"in {_shown(binding_of(browser))}."
            )
            return None
        session = around.sessions.load(account, chosen.site.origin)
    except SecretUnavailable as error:
        if chosen.mode is Mode.AUTOMATIC and chosen.credentials is None:
            raise
        tell(f"The kept session of {account} is not used: {error.found}.")
        return None
    if session is None:
        tell(f"The kept session of {account} was too old and has been removed.")
    return session


def binding_of(browser: OpenBrowser) -> Binding:
    """What a session made in this browser is tied to."""
    return Binding(browser.product, browser.found.channel)


def _shown(binding: Binding) -> str:
    return f"{binding.product} ({binding.channel})"
