"""A form that the person reads and sends: filled in as far as it is known, watched, and photographed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.errors import PageUnexpected
from optout.model import Observation, Outcome, Reading, Why
from optout.page_scripts import ask, script
from optout.visit.element import Element
from optout.visit.fence import FieldGone
from optout.visit.findings import now
from optout.visit.guide import listen
from optout.visit.person import window_closed
from optout.visit.target import TargetVisit
from optout.visit.verdict import Verdict
from optout.visit.words import person_needed

if TYPE_CHECKING:
    from playwright.async_api import JSHandle

    from optout.flow import Form, Setting
    from optout.visit.act import Actor
    from optout.visit.entry import Entry
    from optout.visit.order import Order
    from optout.visit.tab import Tab

_REFUSED = 400
_LOGIN, _OPTION = "login", "option"
_AS_TOLD = "(all) => all.map(({ field, ...told }) => told)"
_MARK = "(all, [number, name]) => (%s)(all[number].field, name)"


class FormVisit(TargetVisit):
    """Takes a form from an empty page to whatever the site says once the person has sent it.

    Nobody signs in for it, and nothing that comes of it is a reading: whether the request is met, the
    site alone knows. So its outcome is `claimed` at most.
    """

    def __init__(
        self,
        order: Order,
        setting: Setting,
        tab: Tab,
        entry: Entry,
        browser: str,
        *,
        form: Form,
        last: bool,
    ) -> None:
        super().__init__(order, setting, tab, entry, browser, last=last)
        self.form = form

    async def _establish(self, actor: Actor | None) -> Verdict:
        order, form = self.order, self.form
        by_person = f"optout run {self.target} --mode guided"
        if actor is None or order.automatic:
            why = Why.DRY_RUN if order.dry_run else Why.BY_HAND
            outcome = Outcome.SKIPPED if order.dry_run else Outcome.NEEDS_PERSON
            said = "read: this is a form that only you can send, and nothing tells later that it was"
            return Verdict(outcome, why, f"{said}; expected you at the window", by_person)
        await self._open()
        left = await fill_in(self.tab, form, order.account.login)
        await self._photograph("filled", "filled in, and not sent")
        order.person.tell(
            f"The form is filled in as far as optout knows. Fill in {' and '.join(left)}, read it all, "
            "and send it; or close the window. What the page says then is kept."
        )
        await self._until_sent()
        self.findings.changed_by = "person"
        self.findings.writes += self.tab.writes
        await self._photograph("sent", "what the page said once it was sent")
        return self._sent()

    async def _open(self) -> None:
        place = self.setting.places[0]
        await self.tab.load(place)
        self.tab.stay_on_site()
        if self.tab.status >= _REFUSED:
            raise _no_form(f"its address answers with status {self.tab.status}")

    async def _photograph(self, name: str, detail: str) -> None:
        self.last = Observation(Reading.UNKNOWN, detail=detail, path=self.tab.path)
        at = now()
        picture = await self.pictures.of_stop(name, self.tab, self._name, at)
        # Both stand before a fresh load, which would show an empty form again.
        self.findings.before.append(self._step(self.last, at, picture))

    async def _until_sent(self) -> None:
        """Wait until the page has sent something and the form is gone from it."""
        tab, loop = self.tab, asyncio.get_running_loop()
        deadline = loop.time() + tab.patience.person
        tab.watch_writes()
        wrote = asyncio.create_task(tab.wrote())
        moving = listen(tab, None, deadline)
        try:
            while not (wrote.done() and await self._is_gone(deadline)):
                if loop.time() >= deadline:
                    raise person_needed(
                        Why.TIMED_OUT, self.order.account, expected="the form sent by you", step="form"
                    )
                # What is sent may lead to the next page before that one is listened to: nothing stirs
                # there any more.
                news = {moving} if wrote.done() else {moving, wrote}
                await asyncio.wait(news, return_when=asyncio.FIRST_COMPLETED)
                if moving.done():
                    moving.result()
                    moving = listen(tab, None, deadline)
            await tab.writes_done()
            tab.stay_on_site()
        except BrowserError:
            if tab.page.is_closed():
                raise window_closed(self.order.account) from None
            raise
        finally:
            wrote.cancel()
            moving.cancel()
            await asyncio.gather(wrote, moving, return_exceptions=True)

    async def _is_gone(self, deadline: float) -> bool:
        """Whether the page has come to rest without the form; one that was refused comes again."""
        await self.tab.page.wait_for_load_state("domcontentloaded")
        while not await self.tab.settle() and asyncio.get_running_loop().time() < deadline:
            pass  # Rest takes as long as it takes: a page that has come to it tells nothing more.
        _, known = await _known(self.tab, self.form)
        return not known

    def _sent(self) -> Verdict:
        answers = [write.status for write in self.tab.writes]
        url = f"{self.order.flow.origin}{self.setting.places[0]}"
        if answers and min(answers) >= _REFUSED:
            said = (
                f"send: the site refused it (it answered {answers[-1]}); expected the form to be taken"
            )
            return Verdict(Outcome.NOT_SAVED, Why.SAVE_REFUSED, said, f"Try again by hand: {url}")
        sent = f"the form was sent on {now():%Y-%m-%d}; whether it is met, only the platform can say"
        confirm = f"{self.form.answer}. When it has: optout record {self.target} --screenshot FILE"
        return Verdict(Outcome.CLAIMED, Why.REQUEST_SENT, sent, confirm)


async def fill_in(tab: Tab, form: Form, login: str) -> list[str]:
    """Fill in what is known of a form on the page, and send nothing.

    Returns:
        What is left to the person, in words.

    Raises:
        PageUnexpected: the page has no form that is known, or one that leads elsewhere.
    """
    deadline = asyncio.get_running_loop().time() + tab.patience.render
    seen, known = await _known(tab, form)
    while not known and asyncio.get_running_loop().time() < deadline:
        await tab.settle()
        seen, known = await _known(tab, form)
    if not known:
        raise _no_form("none of its fields, or several that could be one")
    limit_ms = tab.patience.press * 1000
    left = {_LOGIN: "your e-mail address", _OPTION: f'"{form.option.wordings[0].text}"'}
    for what, number, text in known:
        field = Element(tab.page.main_frame)
        try:
            await seen.evaluate(_MARK % script("mark"), [number, field.mark])
            await tab.fence.may_type_into(field)
            if what == _LOGIN:
                await field.locator.fill(login, timeout=limit_ms)
            elif text:
                await field.locator.select_option(label=text, timeout=limit_ms)
            else:
                await field.locator.check(timeout=limit_ms)
        except (BrowserError, FieldGone):
            continue  # it stays with what is left to the person
        del left[what]
    return [*left.values(), form.by_person]


async def _known(tab: Tab, form: Form) -> tuple[JSHandle, list[tuple[str, int, str]]]:
    """The fields of a page, and which are known, each at most once.

    Returns:
        All fields; of the known ones what each is, its place, and for a list the option to choose.
    """
    seen = await tab.page.evaluate_handle(script("fields"))
    fields = await ask(seen, _AS_TOLD)
    found: dict[str, list[tuple[int, str]]] = {_LOGIN: [], _OPTION: []}
    for number, field in enumerate(fields):
        options = [text for text in field["options"] if form.option.match(text)]
        if field["kind"] == "radio":
            found[_OPTION] += [(number, "")] if form.option.match(field["name"]) else []
        elif options:
            found[_OPTION] += [(number, text) for text in options]
        elif form.login.match(field["name"]):
            found[_LOGIN].append((number, ""))
    return seen, [(what, *places[0]) for what, places in found.items() if len(places) == 1]


def _no_form(found: str) -> PageUnexpected:
    return PageUnexpected(
        "there is no form that is known",
        step="form",
        expected="a field for the login, or the option that asks for opting out",
        found=found,
        next_step="Fill it in by hand; optout platforms says where it is.",
        why=Why.CONTROL_MISSING,
    )
