"""The visit of one account: everything it needs, its own secrets, and what becomes of each setting."""

from __future__ import annotations

import asyncio
import datetime
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from optout.accounts.browser_state import secrets_in
from optout.accounts.pseudonyms import Pseudonyms
from optout.campaign.browsers import while_it_runs
from optout.campaign.ends import cancelled, foreseen, go_on_unless_cancelled
from optout.campaign.keeping import keep_sign_in
from optout.campaign.left_out import left_out
from optout.campaign.mandates import may_visit
from optout.campaign.plan import Plan, plan
from optout.campaign.session import kept_session
from optout.campaign.waived import waived_settings
from optout.ledger import identities, visits
from optout.ledger.mandates import Mandate
from optout.model import Mode, Observation, Outcome, Reading, Result, Target
from optout.visit.order import Order
from optout.visit.trace import Trace
from optout.visit.verdict import Verdict, of_error
from optout.visit.visit import visit

if TYPE_CHECKING:
    from optout.accounts.secret import Secret
    from optout.campaign.common import Common
    from optout.campaign.targets import Job
    from optout.errors import OptoutError
    from optout.flow import Setting
    from optout.visit.browser import OpenBrowser

TRIES = 3
"""How often an account is visited at most where its browser is lost."""

_NOTHING = Observation(Reading.UNKNOWN)
_COMMAND = re.compile(r"\boptout (--debug )?(run|check|sign-in|attend)\b")
# What a visit comes to when its browser goes. A refused password is final, whatever else happens.
_MAY_BE_THE_BROWSER = (Outcome.FAILED, Outcome.UNREACHABLE, Outcome.UNREADABLE)


@dataclass
class OneVisit:
    """One account's turn in a run: mostly one visit, and one more where its browser is lost.

    Attributes:
        common: what it shares with others.
        job: whose account, and for which settings.
        run_id: the run it belongs to.
        attempts: how often the account's turn has come in this run, this time included.
        lost: whether somebody else has the account by now, so that nothing is to be said of it here.
    """

    common: Common
    job: Job
    run_id: str
    attempts: int = 1
    lost: bool = False
    _settled: set[str] = field(default_factory=set)
    _held: dict[str, Result] = field(default_factory=dict)
    _live: tuple[Secret, ...] = ()
    _visit_id: str = ""
    _mandate: str = ""

    async def make(self) -> None:
        """Establish and record a result for every setting, whatever happens.

        Raises:
            asyncio.CancelledError: it was cancelled; what was open is recorded as interrupted.
            LedgerProblem: the ledger refused; what it has is kept.
            OptoutError: signing in failed and there is no setting whose result could say so.
        """
        chosen = plan(self.job, self.common.wishes, self.common.around)
        may = may_visit(self.common.around.ledger, self.job.account, _now(), chosen.mode)
        self._mandate = str(may) if isinstance(may, Mandate) else ""
        await self._leave_out(chosen, may)
        if self.job.settings and not self._left:
            return
        self.common.audience.begins(self.job)
        for tries_left in reversed(range(TRIES)):
            if await self._visit(chosen, last=not tries_left):
                return

    @property
    def _left(self) -> tuple[Setting, ...]:
        """The settings of which nothing was said yet."""
        return tuple(each for each in self.job.settings if each.name not in self._settled)

    async def _leave_out(self, chosen: Plan, may: Mandate | Verdict | None) -> None:
        """Say of each setting that is not to be visited why."""
        held = left_out(self.common, self.job, chosen, may, self.attempts)
        if held:
            self._begin(chosen)
            for name, verdict in held.items():
                self._record(self._unseen(name, chosen, verdict))
            await self._end()

    async def _visit(self, chosen: Plan, *, last: bool) -> bool:
        """Visit for the settings of which nothing was said yet.

        Returns:
            Whether all is said; False where the browser was lost, and another visit may have more luck.
        """
        self._begin(chosen)
        try:
            lost = await self._in_browser(chosen)
            again = bool(lost and self._held and not last)
            self._let_go(again=again)
            go_on_unless_cancelled()
        finally:
            self._forget(chosen)
            await self._end()
        return not again

    async def _in_browser(self, chosen: Plan) -> bool:
        """Visit; whatever ends it early is held as the result of all that is left.

        Returns:
            Whether the browser was lost, with nobody there who could have closed it.
        """
        lost = False
        try:
            async with self.common.browsers.borrow(chosen) as browser:
                try:
                    visits.visit_uses(self.common.around.ledger, self._visit_id, browser.name)
                    await while_it_runs(browser, visit(self._order(chosen, browser), browser))
                finally:
                    if self._left and not cancelled():
                        lost = not await browser.answers()
            go_on_unless_cancelled()
        # A surprise in one account's visit must not cost the accounts after it theirs.
        except (Exception, asyncio.CancelledError) as error:
            if not self.job.settings:
                raise
            self._fill_up(chosen, foreseen(error))
        return lost and chosen.mode is Mode.AUTOMATIC

    def _fill_up(self, chosen: Plan, error: OptoutError) -> None:
        """Hold for every setting without a result the one that ended the visit."""
        for setting in self._left:
            verdict = of_error(error, _NOTHING)
            self._held.setdefault(setting.name, self._unseen(setting.name, chosen, verdict))

    def _let_go(self, *, again: bool) -> None:
        """Record what was held back while it was not clear whether the browser was to blame."""
        held, self._held = list(self._held.values()), {}
        final = not (again or self.lost)
        for result in held:
            # A bundle that is in view is in the ledger too, whatever else is seen later.
            if final or result.evidence is not None:
                self._record(result, final=final)

    def _begin(self, chosen: Plan) -> None:
        self._visit_id = visits.start_visit(
            self.common.around.ledger,
            self.run_id,
            self.job.account,
            origin=chosen.site.origin,
            practice=chosen.site.practice,
            mode=chosen.mode,
            flow_version=self.job.flow.version,
            browser="",
            at=_now(),
            worker=self.common.worker,
        )

    async def _end(self) -> None:
        """End the visit once its results are where they belong."""
        common = self.common
        for result in await common.around.recording.settle(self._visit_id, common.audience.tell):
            self._say(result)
        visits.end_visit(common.around.ledger, self._visit_id, at=_now())

    def _forget(self, chosen: Plan) -> None:
        """Let go of this account's secrets: its bundles and its errors were looked through."""
        for secret in self._live:
            secret.forget()
        self._live = ()
        if chosen.credentials:
            chosen.credentials.forget()

    def _order(self, chosen: Plan, browser: OpenBrowser) -> Order:
        common, job = self.common, self.job
        around, wishes = common.around, common.wishes
        session = kept_session(job.account, chosen, around, browser, common.audience.tell)
        if session:
            # What signs the account in is kept out of every message from here on.
            self._live += secrets_in(session.state)
            common.by_session.add(job.account)
        return Order(
            visit=self._visit_id,
            account=job.account,
            flow=job.flow,
            settings=self._left,
            site=chosen.site,
            mode=chosen.mode,
            may_change=wishes.may_change,
            dry_run=wishes.dry_run,
            put_back=common.put_back,
            mandate=self._mandate,
            waived=waived_settings(around.ledger, job.account, _now()),
            pinned=identities.pinned_identity(around.ledger, job.account, chosen.site.origin) or "",
            new_owner=wishes.new_owner,
            session=session.state if session else None,
            credentials=chosen.credentials,
            person=common.audience,
            folder=around.evidence_folder(job.account),
            sealers=common.seals,
            pseudonyms=Pseudonyms(around.salt),
            whole_page=wishes.whole_page,
            trace=self._trace(),
            patience=wishes.patience,
            on_result=self._established,
            on_signed_in=lambda state, who: self._signed_in(chosen, browser, state, who),
        )

    def _trace(self) -> Trace | None:
        asked, audience = self.common.wishes.debug_trace, self.common.audience
        return Trace(self.common.around.home.logs, self._visit_id, audience.tell) if asked else None

    def _signed_in(self, chosen: Plan, browser: OpenBrowser, state: dict[str, Any], who: str) -> None:
        # What the site has just handed out must be known before anything is written down.
        self._live += secrets_in(state)
        keep_sign_in(self.common, self.job, chosen, browser, state, who)

    def _established(self, result: Result) -> None:
        if result.outcome in _MAY_BE_THE_BROWSER:
            self._held[result.target.setting] = result
        else:
            self._record(result)

    def _record(self, result: Result, *, final: bool = True) -> None:
        if result.practice:
            # Followed to the letter, a next step must not lead from a practice site to the real one.
            there = _COMMAND.sub(rf"\g<0> --site {result.origin}", result.next_step)
            result = replace(result, next_step=there)
        if final:
            self._settled.add(result.target.setting)
        if self.common.around.recording.record(self._visit_id, result):
            self._say(result)

    def _say(self, result: Result) -> None:
        """Let whoever watches know of a result, unless another visit is to establish a better one."""
        if result.target.setting in self._settled:
            self.common.audience.established(result)

    def _unseen(self, setting: str, chosen: Plan, verdict: Verdict) -> Result:
        """A result for which no page was read."""
        return Result(
            target=Target(self.job.account, setting),
            at=_now(),
            reading=_NOTHING.reading,
            outcome=verdict.outcome,
            why=verdict.why,
            reason=verdict.reason,
            next_step=verdict.next_step,
            origin=chosen.site.origin,
            practice=chosen.site.practice,
        )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
