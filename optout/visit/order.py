"""What a visit is asked to do, and what it is given to do it with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.accounts.pseudonyms import Pseudonyms
from optout.model import Mode
from optout.visit.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    from optout.accounts.credentials import Credentials
    from optout.evidence.bundle import Sealer
    from optout.flow import Flow, Setting
    from optout.model import Account, Result
    from optout.visit.person import Person
    from optout.visit.site import Site
    from optout.visit.trace import Trace


@dataclass(frozen=True, kw_only=True)
class Order:
    """One visit to one account.

    Attributes:
        visit: the visit's id.
        account: whose.
        flow: the platform's flow.
        settings: the settings to read, and to switch off where that is allowed.
        site: where to go.
        mode: who signs in and who clicks.
        may_change: whether a setting may be switched off; a check never may.
        dry_run: read, and say what a run would do.
        put_back: for an undo, what the control stood on before, by the path it was read at; None where
            the order is not to undo anything.
        mandate: who authorised this visit, as evidence names it; empty for one's own account.
        waived: by name the settings that are only read, with the exception that says so.
        pinned: who was signed in at this account's first visit; empty before that.
        new_owner: accept whoever is signed in now, and let that be known.
        session: a kept browser session (Playwright's storage state), or None.
        credentials: where the password comes from, or None.
        person: whoever sits in front of the terminal.
        folder: where this account's bundles go.
        sealers: what vouches for each bundle; nothing where there is no key to sign with.
        pseudonyms: what people are called in the bundles; unless told, such that nobody can match them.
        whole_page: whether pages are photographed from top to bottom besides.
        trace: what records the visit; None unless somebody asked for it.
        patience: how long to wait for what.
        on_result: called with each result as soon as its bundle is in place.
        on_signed_in: called with the session's state and who is signed in, once that is established.
    """

    visit: str
    account: Account
    flow: Flow
    settings: tuple[Setting, ...]
    site: Site
    mode: Mode
    may_change: bool
    dry_run: bool = False
    put_back: Mapping[str, str] | None = None
    mandate: str = ""
    waived: Mapping[str, str] = field(default_factory=dict)
    pinned: str = ""
    new_owner: bool = False
    session: dict[str, Any] | None = None
    credentials: Credentials | None = None
    person: Person
    folder: Path
    sealers: tuple[Sealer, ...] = ()
    pseudonyms: Pseudonyms = field(default_factory=lambda: Pseudonyms(secrets.token_bytes(32)))
    whole_page: bool = False
    trace: Trace | None = None
    patience: Patience = field(default_factory=Patience)
    on_result: Callable[[Result], None]
    on_signed_in: Callable[[dict[str, Any], str], None]

    @property
    def automatic(self) -> bool:
        """Whether nobody is there."""
        return self.mode is Mode.AUTOMATIC
