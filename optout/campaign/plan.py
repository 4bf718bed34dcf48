"""Deciding how one account is visited: mode, window, session, credentials."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.accounts.credentials import Credentials
from optout.accounts.group_commands import either
from optout.errors import SecretUnavailable, UsageProblem
from optout.flow import Form
from optout.ledger.accounts import find_account
from optout.ledger.group_secrets import group_secrets
from optout.model import Mode
from optout.visit.patience import Patience
from optout.visit.site import site_for

if TYPE_CHECKING:
    from optout.accounts.sessions import SessionNote
    from optout.campaign.surroundings import Surroundings
    from optout.campaign.targets import Job
    from optout.flow import Flow
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
        despite_quarantine: visit also with flows whose page has changed.
        keep_sessions: whether sessions are kept after signing in.
        debug_trace: record each visit for whoever looks for a mistake.
        whole_page: photograph whole pages besides the settings' own sections.
        with_person: somebody is there for every visit, also where a session or a password would do.
        parallel: how many accounts are visited at the same time.
        gap_s: seconds from one visit to the next at least, where the flow does not ask for more.
        per_hour: how many visits to a platform may begin in an hour, where the flow does not ask for
            fewer; None leaves it to the flow.
        on_workers: the visits are made by workers, on whatever machines, and none by this process.
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
    despite_quarantine: bool = False
    keep_sessions: bool = True
    debug_trace: bool = False
    whole_page: bool = False
    with_person: bool = False
    parallel: int = 1
    gap_s: float = 0.0
    per_hour: int | None = None
    on_workers: bool = False
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Plan:
    """How one account is visited.

    Attributes:
        site: where.
        mode: who signs in and who clicks.
        headed: with a window or without.
        kept: what is written on the account's kept session; what is wrong with it where it cannot be
            read; None where there is none.
        credentials: where the password comes from, if it comes from anywhere.
    """

    site: Site
    mode: Mode
    headed: bool
    kept: SessionNote | SecretUnavailable | None
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
    site = site_wished(job.flow, wishes)
    # A visit for no setting is there to make a new session, whatever became of the old one.
    kept = _kept(job.account, site, around) if job.settings else None
    credentials = wishes.credentials or credentials_of(job.account, around)
    if not job.flow.sign_in.password:
        credentials = None  # no form that they could be typed into
    asked_by_person = bool(job.settings) and all(isinstance(each.control, Form) for each in job.settings)
    usual = Mode.GUIDED if asked_by_person else job.flow.default_mode
    can_be_alone = _can_be_alone(job.flow) and not asked_by_person
    alone = wishes.headed is False or (can_be_alone and (kept or credentials))
    if wishes.with_person:
        alone, usual = False, Mode.ATTENDED if usual is Mode.AUTOMATIC else usual
    mode = wishes.mode or (Mode.AUTOMATIC if alone else usual)
    headed = wishes.headed
    if headed is None:
        headed = mode is not Mode.AUTOMATIC or _made_in_a_window(kept)
    return Plan(site, mode, headed, kept, credentials if mode is Mode.AUTOMATIC else None)


def site_wished(flow: Flow, wishes: Wishes) -> Site:
    """The site that visits with a flow go to, once all that is wished fits together.

    Raises:
        UsageProblem: the wishes contradict each other, or the site is not acceptable.
    """
    alone = wishes.mode in (None, Mode.AUTOMATIC) and not wishes.with_person
    if wishes.headed is False and not alone:
        raise UsageProblem(
            f"--mode {wishes.mode or Mode.ATTENDED} needs a window, and --headless forbids one",
            next_step="Leave out --headless, or use --mode automatic.",
        )
    if wishes.parallel > 1 and not alone:
        raise UsageProblem(
            f"--mode {wishes.mode or Mode.ATTENDED} needs a person, who cannot be in {wishes.parallel} "
            "windows at once",
            next_step="Leave out --parallel, or use --mode automatic.",
        )
    return site_for(flow, wishes.site, wishes.allow_hosts)


def _can_be_alone(flow: Flow) -> bool:
    """Whether a kept session or a password is enough to leave the person out of it.

    It is not where the person has to act by the platform's terms, or is the only one who knows who is
    signed in.
    """
    return flow.default_mode is not Mode.GUIDED and bool(flow.identity)


def credentials_of(account: Account, around: Surroundings) -> Credentials | None:
    """Where an account's password comes from; None where it comes from nowhere."""
    listed = find_account(around.ledger, account)
    if listed is None:
        return None
    shared = group_secrets(around.ledger, account.platform, listed.group) if listed.group else None
    credentials = Credentials(
        account,
        password=either(listed.password, shared.password if shared else None),
        totp=either(listed.totp, shared.totp if shared else None),
        store=around.keyring,
    )
    return credentials if credentials.can_sign_in else None


def _kept(account: Account, site: Site, around: Surroundings) -> SessionNote | SecretUnavailable | None:
    try:
        return around.sessions.describe(account, site.origin)
    except SecretUnavailable as damaged:
        return damaged


def _made_in_a_window(kept: SessionNote | SecretUnavailable | None) -> bool:
    """Whether a session needs a window: without one the browser would be another one."""
    if kept is None or isinstance(kept, SecretUnavailable):
        return False
    return not kept.binding.product.startswith("Headless")
