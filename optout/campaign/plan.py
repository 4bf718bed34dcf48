"""Deciding how one account is visited: mode, window, session, credentials."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.accounts.credentials import Credentials
from optout.errors import UsageProblem
from optout.ledger.accounts import find_account
from optout.model import Mode
from optout.visit.patience import Patience
from optout.visit.site import site_for

if TYPE_CHECKING:
    from optout.accounts.sessions import SessionNote, StoredSession
    from optout.campaign.surroundings import Surroundings
    from optout.campaign.targets import Job
    from optout.model import Account
    from optout.visit.site import Site


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the person asked for, for every account alike.

    Attributes:
        command: the command, as the ledger shall call it.
        may_change: whether settings may be switched off.
        dry_run: say what would be done instead.
        mode: who signs in and who clicks; None leaves it to the account and the flow.
        headed: with a window or without; None leaves it to the mode.
        site: a practice site's origin.
        allow_hosts: further hosts that pages may load from.
        new_owner: accept whoever is signed in now.
        credentials: fixed ones, for the demo; None takes the account's own.
        keep_sessions: whether sessions are kept after signing in.
        patience: how long to wait for what.
    """

    command: str
    may_change: bool
    dry_run: bool = False
    mode: Mode | None = None
    headed: bool | None = None
    site: str | None = None
    allow_hosts: tuple[str, ...] = ()
    new_owner: bool = False
    credentials: Credentials | None = None
    keep_sessions: bool = True
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Plan:
    """How one account is visited.

    Attributes:
        site: where.
        mode: who signs in and who clicks.
        headed: with a window or without.
        note: what is written on the account's kept session, if there is one.
        credentials: where the password comes from, if it comes from anywhere.
    """

    site: Site
    mode: Mode
    headed: bool
    note: SessionNote | None
    credentials: Credentials | None

    @property
    def fenced(self) -> bool:
        """Whether the browser may reach the platform only; a person may need another's sign-in."""
        return self.mode is Mode.AUTOMATIC


def plan(job: Job, wishes: Wishes, around: Surroundings) -> Plan:
    """Decide how an account is visited.

    Raises:
        UsageProblem: the wishes contradict each other, or the site is not acceptable.
    """
    site = site_for(job.flow, wishes.site, wishes.allow_hosts)
    note = around.sessions.describe(job.account, site.origin)
    credentials = wishes.credentials or credentials_of(job.account, around)
    mode = wishes.mode or (Mode.AUTOMATIC if note or credentials else job.flow.default_mode)
    if mode is not Mode.AUTOMATIC and wishes.headed is False:
        raise UsageProblem(
            f"--mode {mode} needs a window, and --headless forbids one",
            next_step="Leave out --headless, or use --mode automatic.",
        )
    headed = wishes.headed
    if headed is None:
        made_headed = note is not None and not note.binding.product.startswith("Headless")
        headed = mode is not Mode.AUTOMATIC or made_headed
    return Plan(site, mode, headed, note, credentials if mode is Mode.AUTOMATIC else None)


def credentials_of(account: Account, around: Surroundings) -> Credentials | None:
    """Where an account's password comes from; None where it comes from nowhere."""
    listed = find_account(around.ledger, account)
    if listed is None:
        return None
    credentials = Credentials(account, password=listed.password, totp=listed.totp, store=around.keyring)
    return credentials if credentials.can_sign_in else None


def open_session(
    job: Job, chosen: Plan, around: Surroundings, product: str, channel: str
) -> StoredSession | None:
    """The account's kept session, if it belongs to the browser at hand.

    A platform ends a session at once that turns up in another browser, so such a one is left alone.

    Raises:
        SecretUnavailable: there is one and it cannot be opened.
    """
    note = chosen.note
    if note is None or (note.binding.product, note.binding.channel) != (product, channel):
        return None
    return around.sessions.load(job.account, chosen.site.origin)
