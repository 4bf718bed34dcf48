"""Getting to a signed-in page of the right person, and noticing when that ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from optout.flow import SceneKind
from optout.model import Why
from optout.visit.identity import same_person, vouched_for, who_is_signed_in
from optout.visit.overlays import put_away
from optout.visit.person import until_signed_in
from optout.visit.scene import AT_THE_DOOR, tells_strangers, until_elsewhere, where
from optout.visit.sign_in import SignInAttempt
from optout.visit.tab import GoesInCircles, LedAway
from optout.visit.words import person_needed

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

    from optout.flow import SignIn
    from optout.visit.order import Order
    from optout.visit.scene import Where
    from optout.visit.tab import Tab

_GONE = (404, 410)


class Entry:
    """Opens the account's pages; signs in when it must, at most once per visit.

    Attributes:
        signed_in_as: who the pages name as signed in; empty before that is known.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self.signed_in_as = ""
        self._attempted = False
        self._keeping: asyncio.Future[None] | None = None

    async def open(self, tab: Tab, place: str) -> None:
        """Load a place afresh, signed in as the account's owner.

        Raises:
            PersonNeeded: only a person can get through the door, or somebody else is signed in.
            OptoutError: the site cannot be reached, or its pages are not as expected.
        """
        order = self.order
        if order.automatic and not order.flow.identity:
            raise person_needed(Why.NOBODY_VOUCHES, order.account)
        led_to = None
        if not order.session and not self._attempted and order.automatic:
            led_to = await self._sign_in(tab, place)
        if led_to is None:
            await self._load(tab, place)
        here = await self._recognised(tab, led_to)
        if here.kind is None and self._is_for_a_stranger:
            # Not every platform sends a stranger to its door: the person is taken there.
            await tab.load(order.flow.sign_in.path)
            here = await self._recognised(tab)
            await self._pass_the_door(tab, here, place)
            await tab.load(place)
            here = await self._recognised(tab)
        if here.kind in AT_THE_DOOR:
            led_to = await self._pass_the_door(tab, here, place)
            if led_to is None:
                await tab.load(place)
            here = await self._recognised(tab, led_to)
            if here.kind in AT_THE_DOOR:
                raise self._refused(here)
        tab.stay_on_site()
        if order.may_change and here.shows(order.flow.dismiss):
            await put_away(tab, order.flow.dismiss)
        if tab.status not in _GONE:
            await self._check_person(tab, here)

    @property
    def _is_for_a_stranger(self) -> bool:
        """Whether somebody is there to sign in, and has not been asked to yet."""
        order = self.order
        return not (order.automatic or order.session or self._attempted)

    async def _load(self, tab: Tab, place: str) -> None:
        try:
            await tab.load(place)
        except GoesInCircles:
            if not self.order.session or self._attempted or self.signed_in_as:
                raise
            # A session that has ended is sent to and fro between the page and the door. Without it the
            # browser is a newcomer's, and the site shows its door; the kept session is left as it is.
            await tab.page.context.clear_cookies()
            await tab.load(place)
        except LedAway:
            if tab.fence.kept_out.keys().isdisjoint(self.order.site.sign_in_hosts):
                raise
            # The browser was to sign in on another site, where only a person may.
            raise self._by_person() from None

    async def _recognised(self, tab: Tab, here: Where | None = None) -> Where:
        """Where the tab is; a page that is still bare may yet turn out to be a sign-in page."""
        flow = self.order.flow
        here = here or await where(tab, flow)
        if here.kind is SceneKind.SIGNED_OUT:
            later = await until_elsewhere(tab, flow, here, tab.patience.quiet)
            return later or here
        if tab.status not in _GONE and not here.vouches:
            # A page may find out by itself, once it has come, that nobody is signed in.
            await tab.settle()
            return await where(tab, flow)
        return here

    async def _pass_the_door(self, tab: Tab, here: Where, place: str) -> Where | None:
        """Have somebody sign in; what that has led to, if it is the place."""
        if self._attempted:
            raise self._refused(here)
        if self.order.trace:
            await self.order.trace.end(tab.page.context)
        if self.order.automatic:
            if here.kind in (SceneKind.PERSON_ONLY, SceneKind.ONE_TIME_CODE):
                raise self._refused(here)
            return await self._sign_in(tab, place)
        self._attempted = True
        await until_signed_in(tab, self.order.flow, self.order.account, self.order.person)
        return None

    async def _sign_in(self, tab: Tab, place: str) -> Where | None:
        """Sign in; what that has led to, if it is the place."""
        order = self.order
        self._attempted = True
        if not order.flow.sign_in.password:
            raise self._by_person()
        if order.credentials is None or not order.credentials.can_sign_in:
            why = Why.SIGNED_OUT if order.session else Why.NO_CREDENTIALS
            raise person_needed(why, order.account)
        here = await SignInAttempt(tab, order.flow, order.account, order.credentials).run(place)
        return here if await tab.was_led_to(place) else None

    def _by_person(self) -> Exception:
        why = Why.SIGNED_OUT if self.order.session else Why.PERSON_SIGNS_IN
        return person_needed(why, self.order.account)

    def _refused(self, here: Where) -> Exception:
        known = here.kind in (SceneKind.PERSON_ONLY, SceneKind.ONE_TIME_CODE)
        return person_needed(here.why if known else Why.SIGNED_OUT, self.order.account)

    async def _check_person(self, tab: Tab, here: Where) -> None:
        order = self.order
        seen = here.named or await self._who(tab)
        if not order.new_owner:
            same_person(order.account, order.pinned, seen)
        if order.trace:
            await order.trace.begin(tab.page.context)
        if self.signed_in_as:
            same_person(order.account, self.signed_in_as, seen)
            return
        self.signed_in_as = seen
        # What the session holds is written down while the page is read. Where no page would tell that
        # nobody is signed in, it could be nobody's, and must not take the place of a good one.
        if tells_strangers(order.flow):
            self._keeping = asyncio.ensure_future(self._keep_session(tab, seen))

    async def _who(self, tab: Tab) -> str:
        order = self.order
        if order.flow.identity:
            return await who_is_signed_in(tab, order.flow)
        if not self.signed_in_as:
            order.person.tell(
                f"No page of {order.flow.title} says who is signed in. If it is not "
                f"{order.account.login}, close the window now."
            )
        return vouched_for(order.account)

    async def session_kept(self) -> None:
        """Wait until the session and the person have been reported."""
        if self._keeping is not None:
            await self._keeping

    async def _keep_session(self, tab: Tab, seen: str) -> None:
        state = await session_of(tab.page.context, self.order.flow.sign_in)
        self.order.on_signed_in(state, seen)


async def session_of(context: BrowserContext, sign_in: SignIn) -> dict[str, Any]:
    """What a browser keeps of somebody being signed in, as a new context takes it."""
    if sign_in.in_cookies_alone:
        return {"cookies": await context.cookies(), "origins": []}
    return dict(await context.storage_state(indexed_db=True))
