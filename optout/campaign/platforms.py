"""Every platform there is something to say about: flows and the catalogue as one list."""

from __future__ import annotations

import difflib
import enum
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from optout.catalogue.entry import Beside, Entry, Kind, Label, Setting
from optout.catalogue.load import load_catalogue, load_entry
from optout.errors import UsageProblem
from optout.flow import Form
from optout.flow.wording import plain
from optout.model import Mode, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from optout.flow import Flow
    from optout.flow import Setting as FlowSetting
    from optout.flow.discovery import Flows

_NOTHING = Entry()


class Way(enum.StrEnum):
    """What optout can do about a setting."""

    ALONE = "opts out by itself"
    WITH_YOU = "opts out with you"
    LETTER = "writes the letter"
    STEPS = "shows the steps"
    NOTHING = "nothing offered"


@dataclass(frozen=True)
class Platform:
    """One platform, whoever knows it.

    Attributes:
        name: as typed on the command line.
        title: as people call it.
        who: whom it concerns; empty where nobody says.
        terms: what its terms say about tools like this one; empty where nobody read them.
        note: what else there is to know.
        flow: what visits it; None where nothing does.
        settings: those of the flow first.
    """

    name: str
    title: str
    who: str
    terms: str
    note: str
    flow: Flow | None
    settings: tuple[Setting, ...]

    def setting(self, name: str) -> Setting | None:
        """The setting of this name, or None."""
        return next((setting for setting in self.settings if setting.name == name), None)

    def visits(self, setting: Setting) -> bool:
        """Whether a flow knows this setting."""
        return self.flow is not None and self.flow.setting(setting.name) is not None

    def way(self, setting: Setting) -> Way:
        """What optout can do about a setting."""
        if self.flow and self.visits(setting):
            return Way.ALONE if self.flow.default_mode is Mode.AUTOMATIC else Way.WITH_YOU
        return _WAYS.get(setting.kind, Way.STEPS)


_WAYS = {Kind.LETTER: Way.LETTER, Kind.NONE: Way.NOTHING}


def all_platforms(flows: Flows) -> dict[str, Platform]:
    """Every platform, in order of their names.

    Raises:
        CatalogueBroken: a file of the catalogue is not as it must be.
    """
    catalogue = load_catalogue()
    return {
        name: _platform(name, flows.flows.get(name), catalogue.get(name, _NOTHING))
        for name in sorted({*flows.flows, *catalogue})
    }


def known_platform(flows: Flows, name: str) -> Platform | None:
    """The platform of this name, or None.

    Raises:
        CatalogueBroken: its file in the catalogue is not as it must be.
    """
    flow, entry = flows.flows.get(name), load_entry(name)
    return _platform(name, flow, entry or _NOTHING) if flow or entry else None


def find_platform(flows: Flows, name: str) -> Platform:
    """The platform of this name.

    Raises:
        UsageProblem: there is none; names the nearest.
    """
    if found := known_platform(flows, name):
        return found
    raise UsageProblem(
        f'there is no platform "{name}"',
        expected="one of those that `optout platforms` lists",
        next_step=did_you_mean(name, all_platforms(flows)) or "See: optout platforms",
    )


def search(platforms: Iterable[Platform], words: Sequence[str]) -> list[Platform]:
    """The platforms that say every one of these words somewhere."""
    wanted = [plain(word) for word in words]
    return [each for each in platforms if all(word in _everything(each) for word in wanted)]


def repeated(entry: Entry, flow: Flow) -> list[str]:
    """What a catalogue file says although the platform's flow says it: the flow is the one to say it."""
    twice = [name for name in ("title", "terms") if getattr(entry, name)]
    twice += [setting.name for setting in entry.settings if flow.setting(setting.name)]
    return twice + [f"beside.{name}" for name in entry.beside if not flow.setting(name)]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question with the nearest names in it; empty where none is near."""
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(near)}?" if near else ""


def _platform(name: str, flow: Flow | None, entry: Entry) -> Platform:
    seen = flow.settings if flow else ()
    of_flow = [_of_flow(flow, each, entry.beside.get(each.name)) for each in seen if flow]
    names = {setting.name for setting in of_flow}
    return Platform(
        name=name,
        title=flow.title if flow else entry.title or name,
        who=entry.who,
        terms=flow.terms if flow else entry.terms,
        note=entry.note,
        flow=flow,
        settings=(*of_flow, *(setting for setting in entry.settings if setting.name not in names)),
    )


def _of_flow(flow: Flow, setting: FlowSetting, beside: Beside | None) -> Setting:
    """A flow's setting in the catalogue's words, with what the catalogue adds."""
    control = setting.control
    wordings = control.labels or control.section
    return Setting(
        name=setting.name,
        title=setting.title,
        kind=Kind.FORM if isinstance(control, Form) else Kind.BROWSER,
        asks=setting.asks,
        out_means=setting.out_means,
        labels=tuple(Label(language=each.language, text=each.text) for each in wordings),
        on_means=getattr(control, "on_means", None),
        choose=_option(control),
        default=None if setting.default is Reading.UNKNOWN else setting.default,
        default_note=setting.default_note,
        regions=setting.regions,
        url=f"{flow.origin}{setting.places[0]}",
        retroactive=setting.retroactive,
        retroactive_note=setting.retroactive_note,
        sources=setting.sources,
        last_verified=setting.last_verified,
        **{each.name: getattr(beside or Beside(), each.name) for each in fields(Beside)},
    )


def _option(control: object) -> str:
    """The words of the option or menu item that opts out, where there is one."""
    labels = getattr(control, "out", None) or getattr(control, "switches_out", None) or ()
    return next((wording.text for wording in labels), "")


def _everything(platform: Platform) -> str:
    settings = [
        text
        for setting in platform.settings
        for text in (platform.way(setting), f"default {setting.default}", *_texts(asdict(setting)))
    ]
    return plain(" ".join((platform.name, platform.title, platform.who, platform.note, *settings)))


def _texts(value: object) -> list[str]:
    """Every text in nested plain data."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in _texts(each)]
    return [str(value)] if isinstance(value, str) else []
