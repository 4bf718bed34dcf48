"""Visiting one account after another, and entering every result in the ledger at once."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import re
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from optout.accounts.browser_state import secrets_in
from optout.accounts.pseudonyms import Pseudonyms
from optout.accounts.sessions import SignedInProof
from optout.campaign.breaker import Breaker
from optout.campaign.closing import close_log, seals, send_on
from optout.campaign.ends import foreseen, go_on_unless_cancelled
from optout.campaign.plan import Plan, Wishes, plan
from optout.campaign.session import binding_of, kept_session
from optout.evidence.bundle import sweep_drafts
from optout.ledger import identities, visits
from optout.ledger.health import tripping_looks
from optout.ledger.outcomes import record_result
from optout.model import Observation, Outcome, Reading, Result, Target, Why
from optout.visit.browser import OpenBrowser, open_browser
from optout.visit.order import Order
from optout.visit.trace import Trace, sweep_traces
from optout.visit.verdict import Verdict, of_error
from optout.visit.visit import visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.accounts.credentials import Credentials
    from optout.accounts.secret import Secret
    from optout.campaign.surroundings import Audience, Surroundings
    from optout.campaign.targets import Job
    from optout.errors import OptoutError
    from optout.evidence.seal import Seal

_NOTHING = Observation(Reading.UNKNOWN)
_COMMAND = re.compile(r"\boptout (--debug )?(run|check|sign-in)\b")


@dataclass
class Run:
    """One run over some accounts.

    Attributes:
        results: what has been established so far, in order.
        id: the run's id in the ledger; empty before it has begun.
    """

    wishes: Wishes
    around: Surroundings
    audience: Audience
    results: list[Result] = field(default_factory=list)
    id: str = ""
    _breaker: Breaker = field(default_factory=Breaker)
    _browsers: dict[tuple[str, bool, bool], OpenBrowser] = field(default_factory=dict)
    _last_visit: dict[str, float] = field(default_factory=dict)
    _live: tuple[Secret, ...] = ()
    _used: Credentials | None = None
    _keyless: bool = False
    _seals: tuple[Seal, ...] = ()

    async def over(self, jobs: Sequence[Job]) -> list[Result]:
        """Visit every account in turn. Ctrl-C ends the open visit and keeps what is proven.

        Raises:
            UsageProblem: the wishes contradict each other; nothing was begun.
            LedgerProblem: the ledger refused; what it has is kept.
            OptoutError: a visit for no setting failed, so that no result could say so.
        """
        ledger = self.around.ledger
        # All before the first: what is asked wrongly is said before anything is done.
        plans = [(job, plan(job, self.wishes, self.around)) for job in jobs]
        self._breaker = Breaker.after(tripping_looks(ledger))
        plans = self._breaker.trials_first(plans)
        sweep_drafts(self.around.home.evidence, time.time())
        sweep_traces(self.around.home.logs, time.time())
        run_id = self.id = visits.start_run(ledger, self.wishes.command, at=_now())
        self._seals = seals(self.around, self.audience.tell)
        try:
            async with contextlib.AsyncExitStack() as browsers:
                for job, chosen in plans:
                    left = self._leave_out(job, chosen, run_id)
                    if left is not None:
                        await self._visit(left, chosen, run_id, browsers)
        finally:
            visits.end_run(ledger, run_id, at=_now())
            checkpoint = close_log(self.around, self.audience.tell)
        if checkpoint:
            await asyncio.to_thread(send_on, checkpoint, self.audience.tell)
        return self.results

    async def _visit(
        self, job: Job, chosen: Plan, run_id: str, browsers: contextlib.AsyncExitStack
    ) -> None:
        self.audience.begins(job)
        self._forget()
        await self._keep_pace(job, chosen)
        started = len(self.results)
        visit_id = self._start_visit(job, chosen, run_id)
        try:
            browser = await self._browser(chosen, browsers)
            visits.visit_uses(self.around.ledger, visit_id, browser.name)
            await visit(self._order(job, chosen, visit_id, browser), browser)
            go_on_unless_cancelled()
        # A surprise in one account's visit must not cost the accounts after it theirs.
        except (Exception, asyncio.CancelledError) as error:
            if not job.settings:
                raise
            self._fill_up(job, chosen, visit_id, started, foreseen(error))
            go_on_unless_cancelled()
        finally:
            visits.end_visit(self.around.ledger, visit_id, at=_now())

    def _start_visit(self, job: Job, chosen: Plan, run_id: str) -> str:
        return visits.start_visit(
            self.around.ledger,
            run_id,
            job.account,
            origin=chosen.site.origin,
            practice=chosen.site.practice,
            mode=chosen.mode,
            flow_version=job.flow.version,
            browser="",
            at=_now(),
        )

    def _leave_out(self, job: Job, chosen: Plan, run_id: str) -> Job | None:
        """Skip what is in quarantine.

        Returns:
            What is left of the job; None where nothing is.
        """
        held = self._breaker.held_settings(job, chosen.site.origin)
        if not held or self.wishes.despite_quarantine:
            return job
        visit_id = self._start_visit(job, chosen, run_id)
        for name, found in held.items():
            verdict = Verdict(Outcome.SKIPPED, Why.FLOW_QUARANTINED, found.reason, found.next_step)
            self._establish_unseen(job, name, chosen, visit_id, verdict)
        visits.end_visit(self.around.ledger, visit_id, at=_now())
        left = tuple(setting for setting in job.settings if setting.name not in held)
        return replace(job, settings=left) if left else None

    def _trace(self, visit_id: str) -> Trace | None:
        asked = self.wishes.debug_trace
        return Trace(self.around.home.logs, visit_id, self.audience.tell) if asked else None

    def _forget(self) -> None:
        """Let go of the last account's secrets, so that nothing is searched for all of them."""
        for secret in self._live:
            secret.forget()
        self._live = ()
        if self._used:
            self._used.forget()
        self._used = None

    async def _keep_pace(self, job: Job, chosen: Plan) -> None:
        """Leave the platform the time between visits that its flow asks for."""
        if chosen.site.practice:
            return
        origin = chosen.site.origin
        if origin in self._last_visit:
            wait = self._last_visit[origin] + job.flow.pace_s - time.monotonic()
            if wait > 0:
                self.audience.tell(f"Waiting {wait:.0f} s before the next visit to {job.flow.title}.")
                await asyncio.sleep(wait)
        self._last_visit[origin] = time.monotonic()

    async def _browser(self, chosen: Plan, browsers: contextlib.AsyncExitStack) -> OpenBrowser:
        key = (chosen.site.origin, chosen.headed, chosen.fenced)
        if key not in self._browsers or not self._browsers[key].alive:
            opening = open_browser(
                chosen.site, headed=chosen.headed, fenced=chosen.fenced, tell=self.audience.tell
            )
            self._browsers[key] = await browsers.enter_async_context(opening)
            self.audience.uses(self._browsers[key])
        return self._browsers[key]

    def _order(self, job: Job, chosen: Plan, visit_id: str, browser: OpenBrowser) -> Order:
        ledger, wishes = self.around.ledger, self.wishes
        self._used = chosen.credentials
        session = kept_session(job.account, chosen, self.around, browser, self.audience.tell)
        if session:
            # What signs the account in is kept out of every message from here on.
            self._live += secrets_in(session.state)
        return Order(
            visit=visit_id,
            account=job.account,
            flow=job.flow,
            settings=job.settings,
            site=chosen.site,
            mode=chosen.mode,
            may_change=wishes.may_change,
            dry_run=wishes.dry_run,
            pinned=identities.pinned_identity(ledger, job.account, chosen.site.origin) or "",
            new_owner=wishes.new_owner,
            session=session.state if session else None,
            credentials=chosen.credentials,
            person=self.audience,
            folder=self.around.evidence_folder(job.account),
            sealers=self._seals,
            pseudonyms=Pseudonyms(self.around.salt),
            whole_page=wishes.whole_page,
            trace=self._trace(visit_id),
            patience=wishes.patience,
            on_result=lambda result: self._established(job, visit_id, result),
            on_signed_in=lambda state, who: self._signed_in(job, chosen, browser, state, who),
        )

    def _established(self, job: Job, visit_id: str, result: Result) -> None:
        if result.practice:
            # Followed to the letter, a next step must not lead from a practice site to the real one.
            there = _COMMAND.sub(rf"\g<0> --site {result.origin}", result.next_step)
            result = replace(result, next_step=there)
        record_result(self.around.ledger, visit_id, result, self.around.home.evidence)
        self.results.append(result)
        self._breaker.saw(job.flow, result)
        self.audience.established(result)

    def _signed_in(
        self, job: Job, chosen: Plan, browser: OpenBrowser, state: dict[str, Any], who: str
    ) -> None:
        # What the site has just handed out must be known before anything is written down.
        self._live += secrets_in(state)
        ledger, account, origin = self.around.ledger, job.account, chosen.site.origin
        if self.wishes.new_owner:
            identities.forget_identity(ledger, account, origin)
        if identities.pinned_identity(ledger, account, origin) is None:
            identities.pin_identity(ledger, account, origin, who, _now())
            self.audience.tell(
                f'{account} is signed in as "{who}"; from now on nobody else is accepted.'
            )
        identities.saw_identity(ledger, account, origin, _now())
        if self.wishes.keep_sessions and not self._keyless:
            self._keep_session(job, chosen, browser, state, who)

    def _keep_session(
        self, job: Job, chosen: Plan, browser: OpenBrowser, state: dict[str, Any], who: str
    ) -> None:
        origin = chosen.site.origin
        try:
            no_key = self.around.sessions.save(
                job.account,
                SignedInProof(who, origin, _now()),
                binding_of(browser),
                state,
                hosts=(chosen.site.host, *job.flow.hosts),
            )
        except OSError as error:
            if not job.settings:
                raise
            self.audience.tell(f"The session is not kept: {error.strerror or error}.")
            return
        if no_key is not None:
            self._keyless = True
            self.audience.tell(
                f"Sessions are not kept because {no_key.reason}. What to do about it: optout doctor"
            )

    def _fill_up(self, job: Job, chosen: Plan, visit_id: str, started: int, error: OptoutError) -> None:
        """Give every setting that has no result yet the one that ended the visit."""
        settled = {result.target.setting for result in self.results[started:]}
        for setting in job.settings:
            if setting.name in settled:
                continue
            self._establish_unseen(job, setting.name, chosen, visit_id, of_error(error, _NOTHING))

    def _establish_unseen(
        self, job: Job, setting: str, chosen: Plan, visit_id: str, verdict: Verdict
    ) -> None:
        """Enter a result for which no page was read."""
        result = Result(
            target=Target(job.account, setting),
            at=_now(),
            reading=_NOTHING.reading,
            outcome=verdict.outcome,
            why=verdict.why,
            reason=verdict.reason,
            next_step=verdict.next_step,
            origin=chosen.site.origin,
            practice=chosen.site.practice,
        )
        self._established(job, visit_id, result)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
