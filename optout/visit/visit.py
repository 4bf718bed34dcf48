"""One visit, from an empty browser context to a result per setting."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.accounts.redact import redact
from optout.errors import OptoutError, PersonNeeded
from optout.flow import Form
from optout.model import Why
from optout.visit.act import Actor
from optout.visit.entry import Entry
from optout.visit.fence import Fence
from optout.visit.form import FormVisit
from optout.visit.person import window_closed
from optout.visit.scene import tells_strangers
from optout.visit.tab import Tab
from optout.visit.target import TargetVisit
from optout.visit.undo import UndoVisit

if TYPE_CHECKING:
    from optout.flow import Setting
    from optout.visit.browser import OpenBrowser
    from optout.visit.order import Order

_CLOSING_S = 10.0


async def visit(order: Order, browser: OpenBrowser) -> None:
    """Visit one account and establish a result for each of its settings.

    Results go to `order.on_result` one by one, each as soon as its bundle is in place. An order for
    no setting only signs in.

    Args:
        order: what to do.
        browser: a running browser; its context is this visit's own and is closed at the end.

    Raises:
        OptoutError: the browser opens no context, or signing in failed and there is no setting whose
            result could say so.
    """
    fence = Fence(order.site)
    try:
        context = await browser.new_context(order.session)
    except BrowserError as error:
        raise _unforeseen(f"the browser has no room for it: {_said(error)}") from None
    try:
        if order.automatic:
            fence.watch(context)
        tab = Tab(await context.new_page(), fence, order.patience)
        entry = Entry(order)
        if not order.settings:
            if not tells_strangers(order.flow):
                raise _no_session(order)
            await entry.open(tab, order.flow.settings[0].places[0])
            await entry.session_kept()
        stopped: OptoutError | None = None
        for setting in order.settings:
            # A context that has gone has taken its trace along.
            last = setting is order.settings[-1] and order.trace is None
            target = _target(order, setting, tab, entry, browser.name, last=last)
            stopped = await _run(order, target, tab, setting, stopped)
    finally:
        if order.trace:
            await order.trace.end(context)
        # A browser that is gone already (Ctrl-C reaches it too) must not hide why the visit ended.
        with contextlib.suppress(BrowserError, TimeoutError):
            async with asyncio.timeout(_CLOSING_S):
                await context.close()


def _target(
    order: Order, setting: Setting, tab: Tab, entry: Entry, browser: str, *, last: bool
) -> TargetVisit:
    if isinstance(setting.control, Form):
        return FormVisit(order, setting, tab, entry, browser, form=setting.control, last=last)
    kind = TargetVisit if order.put_back is None else UndoVisit
    return kind(order, setting, tab, entry, browser, last=last)


async def _run(
    order: Order, target: TargetVisit, tab: Tab, setting: Setting, stopped: OptoutError | None
) -> OptoutError | None:
    """Run one target; what stopped the visit at an earlier one stops this one too.

    Returns:
        What stops the visit for every setting that follows; None where it may go on.
    """
    if stopped is not None:
        order.on_result(await target.stop(stopped))
        return stopped
    may_act = order.may_change and not order.dry_run and setting.name not in order.waived
    actor = Actor(tab, order.flow) if may_act else None
    # A person may take their time; a machine that takes too long is stuck.
    limit = order.patience.visit if order.automatic else None
    try:
        async with asyncio.timeout(limit):
            result = await target.run(actor)
    except OptoutError as error:
        order.on_result(await target.stop(error))
        return error if isinstance(error, PersonNeeded) else None
    except TimeoutError:
        late = _unforeseen(f"the visit to {setting.name} took longer than {limit} s")
        order.on_result(await target.stop(late))
        return None
    except BrowserError as broken:
        gone = tab.page.is_closed()
        failed = _unforeseen(_said(broken))
        if gone and not order.automatic:
            failed = window_closed(order.account)
        order.on_result(await target.stop(failed))
        return failed if gone else None
    order.on_result(result)
    return None


def _no_session(order: Order) -> OptoutError:
    return OptoutError(
        f"no page of {order.flow.title} is known to tell whether somebody is signed in",
        step="sign-in",
        next_step=f"Sign in during the visit, which keeps no session: optout run {order.account}",
    )


def _said(error: BrowserError) -> str:
    return redact(str(error).splitlines()[0][:200])


def _unforeseen(what: str) -> OptoutError:
    return OptoutError(
        what,
        step="visit",
        next_step="Run again; if it happens again, report it with the evidence folder.",
        why=Why.UNFORESEEN,
    )
