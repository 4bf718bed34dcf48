"""What every flow must keep to, as a list of what one flow does not."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from optout.flow.controls import Choice, Form, MenuItem, Select, Switch
from optout.flow.scenes import SceneKind
from optout.model import Mode, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.flow.controls import Control
    from optout.flow.flow import Flow
    from optout.flow.settings import Setting

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_FACTS = ("name", "title", "version", "origin", "sign_in", "scenes", "settings")
_SAYINGS = ("terms", "practice")
_LEAST_ANCHORS = 2
_LEAST_NEIGHBOURS = 2


def problems(flow: Flow) -> list[str]:
    """Everything about this flow that breaks the contract, one sentence each; empty when sound."""
    missing = [fact for fact in (*_FACTS, *_SAYINGS) if not getattr(flow, fact, None)]
    if missing:
        return [f"it does not say its {', '.join(missing)}"]
    return [*_about_the_platform(flow), *_about_pages(flow), *_about_settings(flow)]


def _about_the_platform(flow: Flow) -> Iterator[str]:
    if not _NAME.fullmatch(flow.name):
        yield f"the name {flow.name!r} must be lower-case letters, digits and hyphens"
    parts = urlsplit(flow.origin)
    if parts.scheme != "https" or not parts.hostname or parts.path or parts.username:
        yield f"the origin {flow.origin!r} must be https:// and a host, nothing more"
    if any("/" in host or "*" in host for host in flow.hosts):
        yield "hosts must be exact host names"
    if flow.default_mode is not Mode.AUTOMATIC and not flow.mode_note:
        yield "a default mode that needs a person must say why (mode_note)"
    if not flow.identity and not flow.identity_note:
        yield "it must say where pages name the person, or why that is not known (identity_note)"
    if not flow.identity and flow.default_mode is Mode.AUTOMATIC:
        yield "where no page names the person, somebody must be there (default_mode)"
    if flow.pace_s <= 0:
        yield "pace_s must be positive"
    if min(flow.visits_per_hour, flow.visits_at_once) < 1:
        yield "visits_per_hour and visits_at_once must be at least 1"
    if not _is_date(flow.version):
        yield f"the version {flow.version!r} must be an ISO date"


def _about_pages(flow: Flow) -> Iterator[str]:
    yield from _about_scenes(flow)
    if not flow.sign_in.path.startswith("/"):
        yield "the sign-in path must begin with /"
    if any("/" in host or "*" in host for host in flow.sign_in.hosts):
        yield "sign-in hosts must be exact host names"
    if flow.sign_in.password and not flow.sign_in.user:
        yield "the sign-in form has a password field and no login field"
    if not flow.sign_in.password and flow.default_mode is Mode.AUTOMATIC:
        yield "a sign-in that only a person passes cannot be the automatic mode's"


def _about_scenes(flow: Flow) -> Iterator[str]:
    kinds = {scene.kind for scene in flow.scenes}
    form = (SceneKind.SIGN_IN_FORM, SceneKind.PERSON_ONLY) if flow.sign_in.password else ()
    # Where people are sent to another host, that tells; where one has to open the way, they tell.
    by_person = all(setting.way for setting in flow.settings)
    door = () if flow.sign_in.hosts or by_person else (SceneKind.SIGNED_OUT,)
    for needed in (SceneKind.SIGNED_IN, *door, *form):
        if needed not in kinds:
            yield f"no scene tells {needed.value} pages"
    for scene in flow.scenes:
        if not (scene.paths or scene.marks or scene.traces or scene.texts or scene.query):
            yield f"a scene for {scene.kind.value} fits every page"
        told = scene.marks or scene.traces or (scene.paths and not flow.identity)
        if scene.kind is SceneKind.SIGNED_IN and not told:
            yield "signed-in pages must be told by a mark or a trace on the page"
        if scene.kind is SceneKind.PERSON_ONLY and not scene.why:
            yield "a page only a person can pass must say why"


def _about_settings(flow: Flow) -> Iterator[str]:
    names = [setting.name for setting in flow.settings]
    if len(set(names)) != len(names):
        yield "two settings have one name"
    for group in sorted({setting.group for setting in flow.settings} - {""}):
        if not _NAME.fullmatch(group):
            yield f"the group {group!r} must be lower-case letters, digits and hyphens"
        if group in names:
            yield f"{group!r} names a setting and a group"
    for setting in flow.settings:
        if setting.way and flow.default_mode is Mode.AUTOMATIC:
            yield f"{setting.name}: a person has to open the way, so one must be there (default_mode)"
        yield from (f"{setting.name}: {problem}" for problem in _about_setting(setting))


def _about_setting(setting: Setting) -> Iterator[str]:
    if not _NAME.fullmatch(setting.name):
        yield "the name must be lower-case letters, digits and hyphens"
    if not setting.places or any(not place.startswith("/") for place in setting.places):
        yield "places must be paths that begin with /"
    if not setting.sources:
        yield "it names no source"
    if not _is_date(setting.last_verified):
        yield f"last_verified {setting.last_verified!r} must be an ISO date"
    yield from _about_way(setting)
    for control in (setting.control, *setting.earlier):
        yield from _about_control(control)


def _about_way(setting: Setting) -> Iterator[str]:
    """What stands around the control: the list it is in, what opens it, and what the page asks."""
    if setting.listing and len(setting.listing.neighbours) < _LEAST_NEIGHBOURS:
        yield "the listing needs two neighbours to count as read"
    if setting.listing and not setting.listing.path.startswith("/"):
        yield "the listing's path must begin with /"
    if setting.confirm and not (setting.confirm.asks and setting.confirm.button):
        yield "a question is known by its words and by the button that agrees, and one is missing"
    if setting.unless and not (setting.unless.chosen and setting.unless.section):
        yield "what shows in its place is known by its options and their section, and one is missing"
    for opener in (*setting.opens, *((setting.save,) if setting.save else ())):
        if not (opener.labels or opener.keys):
            yield "an opener has neither labels nor keys"


def _about_control(control: Control) -> Iterator[str]:
    if isinstance(control, Form):
        if not (control.login and control.option):
            yield "a form is known by the field for the login and the option to choose; one is missing"
        return
    labels = control.out if isinstance(control, Choice) else control.labels
    anchors = (bool(labels), bool(control.keys), bool(control.section))
    if sum(anchors) < _LEAST_ANCHORS:
        yield "the control needs at least two of labels, keys and section"
    if isinstance(control, Switch) and control.on_means not in (Reading.OUT, Reading.IN):
        yield "on_means must be `out` or `in`"
    if isinstance(control, Choice | Select) and not (control.out and control.inn):
        yield "both the option that opts out and the ones that do not must be known"
    if isinstance(control, MenuItem) and not (control.switches_out and control.switches_in):
        yield "both menu items must be known: the one that opts out and the one that opts in"


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
