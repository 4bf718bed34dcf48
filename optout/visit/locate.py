"""Finding one control among those a page shows: anchors must agree, or nothing is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.flow import Select
from optout.model import Why

if TYPE_CHECKING:
    from collections.abc import Callable

    from optout.flow import Control, Labels, Wording
    from optout.visit.survey import ControlSeen, PageSeen

_ENOUGH_ANCHORS = 2


@dataclass(frozen=True)
class Found:
    """The one control that the anchors agree on.

    Attributes:
        seen: the control.
        anchors: the names of the anchors that found it.
        wording: the known label it carries; None in a language we have no words for.
        shown: the words that wording was recognised in; empty where it was not.
    """

    seen: ControlSeen
    anchors: tuple[str, ...]
    wording: Wording | None
    shown: str = ""


@dataclass(frozen=True)
class Missing:
    """No control that enough anchors agree on.

    Attributes:
        why: `control-missing`, `anchors-disagree` or `label-unknown`.
        detail: what was there instead, in one sentence.
        candidates: a line per control that was considered.
    """

    why: Why
    detail: str
    candidates: tuple[str, ...] = ()


def locate(control: Control, seen: PageSeen, *, at_its_place: bool) -> Found | Missing:
    """Find the control of a setting.

    Args:
        control: how it is known.
        seen: the page.
        at_its_place: whether the page is the setting's own, so that being the only control of its
            kind there says something.
    """
    fitting = seen.of_role(control.roles)
    anchors = _anchors(control, seen, at_its_place=at_its_place)
    by_anchor = {
        name: {candidate.index + 10_000 * candidate.frame for candidate in fitting if test(candidate)}
        for name, test in anchors.items()
    }
    agreeing = {name: found for name, found in by_anchor.items() if found}
    lines = tuple(
        f"{candidate} (found by: {', '.join(_finders(candidate, agreeing)) or 'nothing'})"
        for candidate in fitting
    )
    if not agreeing:
        return Missing(Why.CONTROL_MISSING, _nothing_fits(control, fitting), lines)
    common = set.intersection(*agreeing.values())
    if len(common) != 1:
        said = " and ".join(agreeing)
        detail = f"{said} point at {'different controls' if not common else 'several controls'}"
        return Missing(Why.ANCHORS_DISAGREE, detail, lines)
    if len(agreeing) < _ENOUGH_ANCHORS:
        only = next(iter(agreeing))
        detail = f"only its {only} was recognised, and one anchor alone proves nothing"
        return Missing(Why.CONTROL_MISSING, detail, lines)
    (place,) = common
    found = next(each for each in fitting if each.index + 10_000 * each.frame == place)
    shown = _label(control, found)
    wording = control.labels.match(shown)
    if wording is None and control.labels and _should_know(control, seen.language):
        detail = f'it is labelled "{found.name}", which is not a wording known for it'
        return Missing(Why.LABEL_UNKNOWN, detail, lines)
    return Found(found, tuple(agreeing), wording, shown)


def menu_items(seen: PageSeen, *labels: Labels) -> list[ControlSeen]:
    """The menu items on a page that carry one of these labels; all of them where none is given."""
    items = seen.of_role(("menuitem", "option"))
    return [item for item in items if not labels or any(each.match(item.name) for each in labels)]


def _anchors(
    control: Control, seen: PageSeen, *, at_its_place: bool
) -> dict[str, Callable[[ControlSeen], bool]]:
    fitting = seen.of_role(control.roles)
    anchors: dict[str, Callable[[ControlSeen], bool]] = {
        "key": lambda each: any(each.keys.get(key) == value for key, value in control.keys),
        "label": lambda each: control.labels.match(_label(control, each)) is not None,
        "section": lambda each: any(control.section.match(text) for text in each.headings),
    }
    # In a language whose headings we do not know the section cannot be named, but a control that
    # stands alone at the setting's own address is still somewhere in particular.
    if at_its_place and len(fitting) == 1 and not control.section.knows(seen.language):
        anchors["being alone on its page"] = lambda _: True
    return anchors


def _label(control: Control, seen: ControlSeen) -> str:
    """A control's name; where it has none, the words beside it, if they are known.

    What a button that opens a menu shows is the option it stands on, and no name.
    """
    nameless = isinstance(control, Select) and seen.popup and seen.name == seen.chosen
    name = "" if nameless else seen.name
    return name or next(filter(control.labels.match, seen.beside), "")


def _should_know(control: Control, language: str) -> bool:
    # A page that does not say its language may be in one we know: then the words must be known too.
    return not language or control.labels.knows(language)


def _finders(candidate: ControlSeen, agreeing: dict[str, set[int]]) -> list[str]:
    place = candidate.index + 10_000 * candidate.frame
    return [name for name, found in agreeing.items() if place in found]


def _nothing_fits(control: Control, fitting: tuple[ControlSeen, ...]) -> str:
    kind = " or ".join(control.roles)
    if not fitting:
        return f"no {kind} on the page"
    return f"none of the {len(fitting)} controls of kind {kind} is the one"
