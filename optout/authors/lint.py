"""Looking a flow over: what is wrong with it, and what its author may still want to do."""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import TYPE_CHECKING

from optout.errors import OptoutError
from optout.flow import Choice, MenuItem, Select, Switch, Wording
from optout.flow.contract import problems
from optout.flow.folder import FLOW
from optout.flow.memory import is_from_memory
from optout.flow.wording import plain
from optout.practice.expectations import departures, table_of
from optout.practice.kit.conditions import missing_conditions
from optout.practice.load import practice_site_of
from optout.visit.forbidden import is_forbidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.flow import Control, Flow, Labels, Setting
    from optout.flow.folder import FlowFolder

# The attributes that a visit looks at.
KEYS = ("id", "name", "aria-labelledby", "aria-describedby", "data-testid", "value")
_MUCH, _TOO_MUCH = 120, 400
_OLD = datetime.timedelta(days=400)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DAY = r"\d{4}(-\d\d(-\d\d)?)?"
_SEEN = re.compile(rf"({_DAY})?/({_DAY})?|{_DAY}|")


def before_running(found: FlowFolder) -> list[str]:
    """What is wrong with a flow as its source shows it; nothing of it runs."""
    try:
        says, beyond = found.states(), found.goes_beyond()
    except SyntaxError as error:
        return [f"{error.filename or FLOW} line {error.lineno} is no Python: {error.msg}"]
    wrong = [f"{what}; a flow states facts and does nothing else" for what in beyond]
    if not says.origin or not says.name:
        wrong.append(f"{FLOW} must write out its name and origin, so that both can be read unrun")
    if (length := _lines(found)) > _TOO_MUCH:
        wrong.append(f"{FLOW} has {length} lines; beyond {_TOO_MUCH} nobody reads it as a fact sheet")
    return wrong


def wrong_with(flow: Flow, found: FlowFolder) -> list[str]:
    """What is wrong with a flow's facts and with its practice site, one sentence each."""
    if broken := problems(flow):
        return broken
    wrong = [*_about_folder(flow, found)]
    for setting in flow.settings:
        wrong += [f"{setting.name}: {problem}" for problem in _about_setting(setting)]
    return [*wrong, *_about_practice(flow)]


def advice_on(flow: Flow, found: FlowFolder) -> list[str]:
    """What could be better about a flow with which nothing is wrong."""
    advice = []
    if flow.origin.endswith(".example"):
        advice.append(f"{flow.origin} is made up: put the platform's own facts in the place of these")
    if (length := _lines(found)) > _MUCH:
        advice.append(f"{FLOW} has {length} lines; most platforms fit into 80")
    for setting in flow.settings:
        if not any("https://" in source for source in setting.sources):
            advice.append(f"{setting.name}: no source is an address that others could look at")
        if _age(setting) > _OLD:
            advice.append(f"{setting.name}: last verified {setting.last_verified}, over a year ago")
    advice += [f"practice: {row} ends otherwise than in most flows" for row in departures(flow)]
    return advice


def _about_folder(flow: Flow, found: FlowFolder) -> Iterator[str]:
    if flow.name.replace("-", "_") != found.folder.name.replace("-", "_"):
        yield f"the folder is called {found.folder.name}, and the flow {flow.name}"
    if is_from_memory(type(flow).__module__) and not flow.practice.startswith("."):
        yield f"practice must name a module beside it, as in .practice.site:site, not {flow.practice}"


def _about_setting(setting: Setting) -> Iterator[str]:
    if _age(setting) < datetime.timedelta(0):
        yield f"last_verified {setting.last_verified} is in the future"
    for wording in _wordings(setting):
        if not plain(wording.text):
            yield "a label has no words"
        if not _LANGUAGE.fullmatch(wording.language):
            yield f"{wording.language!r} is no language tag, as in en or pt-BR"
        if not _SEEN.fullmatch(wording.seen):
            yield f"seen {wording.seen!r} must be dates, as in 2024-09/2026-06"
    for opener in (*setting.opens, *((setting.save,) if setting.save else ())):
        yield from _about_pressing(opener.labels, opener.keys)
    if setting.confirm:
        yield from _about_pressing(setting.confirm.button)
    for control in (setting.control, *setting.earlier):
        yield from _about_control(control)


def _about_control(control: Control) -> Iterator[str]:
    yield from _about_pressing(control.labels, control.keys)
    sides = _sides(control)
    yield from _about_pressing(sides[0])
    both = {plain(each.text) for each in sides[0]} & {plain(each.text) for each in sides[1]}
    if both:
        yield f"“{min(both)}” cannot stand for both in and out"


def _sides(control: Control) -> tuple[Labels | tuple[()], Labels | tuple[()]]:
    """The words that stand for out, and those that stand for in."""
    if isinstance(control, Choice | Select):
        return control.out, control.inn
    if isinstance(control, MenuItem):
        return control.switches_out, control.switches_in
    return (control.out_words, control.in_words) if isinstance(control, Switch) else ((), ())


def _about_pressing(labels: Labels | tuple[()], keys: tuple[tuple[str, str], ...] = ()) -> Iterator[str]:
    for wording in labels:
        if is_forbidden(wording.text):
            yield f"“{wording.text}” speaks of destroying something, and is never pressed"
    for attribute, _ in keys:
        if attribute not in KEYS:
            yield f"no visit looks at the attribute {attribute}; those it looks at: {', '.join(KEYS)}"


def _about_practice(flow: Flow) -> Iterator[str]:
    try:
        site, table = practice_site_of(flow), table_of(flow)
    except OptoutError as error:
        yield error.reason
        return
    # Its author is told whatever it raises, which may be anything at all.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        yield f"the practice site cannot be made: {type(error).__name__}: {error}"
        return
    if site.platform != flow.name:
        yield f"the practice site is that of {site.platform}"
    for name in missing_conditions(flow, site):
        yield f"the practice site does not know the condition {name}, which these facts ask for"
    for condition in site.conditions:
        if condition.name not in table:
            yield f"nothing says how a visit under the condition {condition.name} must end (EXPECTED)"


def _wordings(fact: object) -> Iterator[Wording]:
    """Every wording in a setting, however deep."""
    if isinstance(fact, Wording):
        yield fact
    elif isinstance(fact, tuple):
        for each in fact:
            yield from _wordings(each)
    elif dataclasses.is_dataclass(fact) and not isinstance(fact, type):
        for each in dataclasses.fields(fact):
            yield from _wordings(getattr(fact, each.name))


def _age(setting: Setting) -> datetime.timedelta:
    # A day of grace: it may be tomorrow already where the author lives.
    today = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    return today - datetime.date.fromisoformat(setting.last_verified)


def _lines(found: FlowFolder) -> int:
    return len(found.files[FLOW].splitlines())
