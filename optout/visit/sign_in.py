"""Signing in with stored credentials: sent at most once per visit, and never past a challenge."""

from __future__ import annotations

import asyncio
import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from playwright.async_api import Error as BrowserError

from optout.errors import PageUnexpected, PersonNeeded
from optout.flow import Opener, SceneKind
from optout.model import Why
from optout.visit.fill import fill_fields, fill_secret, first_visible
from optout.visit.openers import wait_for_opener
from optout.visit.overlays import put_away
from optout.visit.press import press
from optout.visit.scene import THROUGH, Where, until_elsewhere, where
from optout.visit.words import person_needed

if TYPE_CHECKING:
    from optout.accounts.credentials import Credentials
    from optout.accounts.secret import Secret
    from optout.flow import Flow
    from optout.model import Account
    from optout.visit.element import Element
    from optout.visit.tab import Tab

_VALUES = "(fields) => fields.map((field) => String(field.value))"


class SignInAttempt:
    """The one attempt that a visit has."""

    def __init__(self, tab: Tab, flow: Flow, account: Account, credentials: Credentials) -> None:
        self.tab = tab
        self.flow = flow
        self.account = account
        self.credentials = credentials
        self._login_sent = False
        self._password_sent = False
        self._code_sent = False
        self._chose_other = False

    async def run(self, place: str) -> Where | None:
        """Sign in, from any page.

        Args:
            place: what the site is asked to show next, where the flow knows how to ask.

        Returns:
            Where that has led to; None where nothing has come from there yet.

        Raises:
            PersonNeeded: a challenge, refused credentials, or no credentials at all.
            PageUnexpected: no form that can be understood, or one that is not safe to type into.
            SiteUnreachable: the site does not answer.
        """
        password = await self._password_at(self._door_to(place))
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.tab.patience.sign_in
        here = await where(self.tab, self.flow)
        while not await self._is_through(here, place):
            acted = await self._step(here, password)
            if acted:
                deadline = loop.time() + self.tab.patience.sign_in
            later = await until_elsewhere(self.tab, self.flow, here, deadline - loop.time())
            if later is None and self.tab.awaits(place):
                return None  # signed in, it seems; loading the place tells what has become of it
            if later is None:
                raise self._stuck(here)
            here = later
        return here

    async def _password_at(self, door: str) -> Secret:
        """The password; whoever hands it out may take as long as the door takes to open."""
        password, opened = await asyncio.gather(
            asyncio.to_thread(self.credentials.password), self.tab.load(door), return_exceptions=True
        )
        if isinstance(password, BaseException):
            raise password
        if isinstance(opened, BaseException):
            raise opened
        return password

    async def _is_through(self, here: Where, place: str) -> bool:
        if here.kind is not None or not self._password_sent:
            return here.kind in THROUGH
        # The browser's own page about a failure says too little; loading the place tells more.
        return self.tab.shows_failure or await self.tab.was_led_to(place)

    def _door_to(self, place: str) -> str:
        form = self.flow.sign_in
        return f"{form.path}?{urlencode({form.leads_to: place})}" if form.leads_to else form.path

    async def _step(self, here: Where, password: Secret) -> bool:
        """Do what the page asks for; False where there is nothing to do but wait."""
        if here.kind in (SceneKind.PERSON_ONLY, SceneKind.CREDENTIALS_REFUSED):
            raise person_needed(here.why, self.account)
        if here.kind is SceneKind.ACCOUNT_CHOOSER and not self._chose_other:
            self._chose_other = True
            opener = Opener(labels=self.flow.sign_in.other_account)
            await press(self.tab, *await wait_for_opener(self.tab, opener))
            return True
        if here.kind is SceneKind.SIGN_IN_FORM and not self._password_sent:
            return await self._send_password(here, password)
        if here.kind is SceneKind.ONE_TIME_CODE:
            await self._send_code(here)
            return True
        return False

    async def _send_password(self, here: Where, password: Secret) -> bool:
        form, tab = self.flow.sign_in, self.tab
        if here.shows(form.dismiss):
            await put_away(tab, form.dismiss)
        user_field, password_field = await first_visible(tab, form.user, form.password)
        if password_field is None:
            return user_field is not None and await self._send_login(user_field)
        if user_field is not None:
            await fill_fields(tab, (user_field, self.account.login), (password_field, password))
        else:
            await self._check_remembered()
            await fill_secret(tab, password_field, password)
        self._password_sent = True
        await self._submit(password_field)
        return True

    async def _send_login(self, field: Element) -> bool:
        """Fill a form that asks for the password on a page of its own; False where this one is not."""
        if self._login_sent or not self.flow.sign_in.proceed:
            return False
        self._login_sent = True
        await fill_fields(self.tab, (field, self.account.login))
        opener = Opener(labels=self.flow.sign_in.proceed)
        await press(self.tab, *await wait_for_opener(self.tab, opener))
        return True

    async def _check_remembered(self) -> None:
        """A form that shows only the password must be for this account."""
        marks = self.flow.sign_in.remembered_user or "_"
        for remembered in await self.tab.page.locator(marks).evaluate_all(_VALUES):
            if remembered and remembered.casefold() != self.account.login.casefold():
                raise person_needed(Why.OTHER_PERSON, self.account)

    async def _submit(self, password_field: Element) -> None:
        opener = Opener(labels=self.flow.sign_in.submit)
        try:
            found, button = await wait_for_opener(self.tab, opener)
        except PageUnexpected:
            # No such button in a language we know: Enter is what a person would press.
            limit_ms = self.tab.patience.press * 1000
            await password_field.locator.press("Enter", timeout=limit_ms, no_wait_after=True)
            return
        try:
            await press(self.tab, found, button)
        except PageUnexpected:
            if not await put_away(self.tab, self.flow.sign_in.dismiss):
                raise
            await press(self.tab, *await wait_for_opener(self.tab, opener))

    async def _send_code(self, here: Where) -> None:
        form, tab = self.flow.sign_in, self.tab
        (field,) = await first_visible(tab, form.code)
        if self._code_sent or field is None:
            raise person_needed(here.why, self.account)
        now = datetime.datetime.now(datetime.UTC)
        answer = await asyncio.to_thread(self.credentials.one_time_code, now)
        if answer is None:
            raise person_needed(here.why, self.account)
        self._code_sent = True
        # A code on its last seconds would be refused, and a refused code is not sent twice: this
        # waits for the clock's next code.
        await asyncio.sleep(answer.fresh_in_s)
        await fill_secret(tab, field, answer.code)
        limit_ms = tab.patience.press * 1000
        try:
            (button,) = await first_visible(tab, form.code_submit)
            if button is None:
                await field.locator.press("Enter", timeout=limit_ms, no_wait_after=True)
            else:
                await button.locator.click(timeout=limit_ms, no_wait_after=True)
        except BrowserError:
            raise person_needed(here.why, self.account) from None

    def _stuck(self, here: Where) -> PageUnexpected | PersonNeeded:
        if self._password_sent:
            return person_needed(Why.TIMED_OUT, self.account)
        return PageUnexpected(
            "no sign-in form that can be understood",
            step="sign-in",
            expected="a visible password field",
            found=f"{here.path} ({here.kind or 'not recognised'})",
            next_step=f"Sign in yourself: optout sign-in {self.account.platform} {self.account.login}",
            why=Why.SIGN_IN_UNKNOWN,
        )
