"""Everything a page shows that could matter, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as BrowserError

from optout.evidence.places import Held
from optout.page_scripts import ask, script
from optout.visit.element import Element
from optout.visit.moved import moved_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from playwright.async_api import Frame, JSHandle, Page

    from optout.visit.site import Site

_OF_ELEMENT = "(survey, [index, given]) => (%s)(survey.elements[index], given)"
_WERE_OPEN = "(now, then) => now.dialogs.map((each) => Boolean(then?.dialogs.includes(each)))"


@dataclass(frozen=True)
class ControlSeen:
    """One control as it stands on the page.

    Attributes:
        frame: which frame it is in; 0 is the page itself.
        index: its place in that frame's survey.
        role: `switch`, `checkbox`, `radio`, `combobox`, `listbox`, `button`, `menuitem`, `option`,
            `link` or `tab`.
        name: its accessible name.
        keys: attributes that may be stable.
        checked: the native state of a box; None where there is none.
        stated: its `aria-checked`; None where there is none.
        chosen: the text of the option a list stands on.
        options: the texts of a list's options.
        disabled: whether it can be operated.
        busy: whether it stands in a region that is still loading.
        headings: the headings above it, nearest first.
        beside: the short texts in its row.
        href: for a link, the path it leads to.
        dialog: the place in the page's dialogs of the one it stands in; None where it stands in none.
        popup: whether it is a button that opens a menu or list.
    """

    frame: int
    index: int
    role: str
    name: str
    keys: dict[str, str] = field(default_factory=dict)
    checked: bool | None = None
    stated: str | None = None
    chosen: str | None = None
    options: tuple[str, ...] = ()
    disabled: bool = False
    busy: bool = False
    headings: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    href: str | None = None
    dialog: int | None = None
    popup: bool = False

    @property
    def state(self) -> str:
        """What it stands on, in one word or text, for comparing and for telling."""
        if self.checked is not None:
            return "on" if self.checked else "off"
        if self.stated is not None:
            return {"true": "on", "false": "off"}.get(self.stated, self.stated)
        return self.chosen or ""

    @property
    def handle(self) -> str:
        """What it is known by from one load to the next: its key, else its name."""
        key = self.keys.get("aria-labelledby") or self.keys.get("id")
        # A button that shows the chosen option is known by the words beside it.
        shows_option = self.popup and self.name == self.chosen
        return key or (self.beside[0] if shows_option and self.beside else self.name)

    def is_option_beside(self, other: ControlSeen) -> bool:
        """Whether it is a radio button of the same group, of which only one can be chosen."""
        if self.role != "radio" or other.role != "radio" or self.frame != other.frame:
            return False
        named, others = self.keys.get("name"), other.keys.get("name")
        return named == others if named or others else self.headings[:1] == other.headings[:1]

    def __str__(self) -> str:
        """For people: `switch "Use my data" [aria-labelledby=allowData], on`."""
        keys = ", ".join(f"{key}={value}" for key, value in self.keys.items() if key != "value")
        state = f", {self.state}" if self.state else ""
        return f'{self.role} "{self.name}"' + (f" [{keys}]" if keys else "") + state


@dataclass(frozen=True)
class PageSeen:
    """One page, all its frames together."""

    language: str
    path: str
    busy: bool = False
    text_length: int = 0
    embedded: tuple[str, ...] = ()
    dialogs: tuple[str, ...] = ()
    controls: tuple[ControlSeen, ...] = ()

    def of_role(self, roles: Iterable[str]) -> tuple[ControlSeen, ...]:
        """The controls of these roles, in page order; `menubutton` is any button that opens a menu."""
        wanted = set(roles)
        popups = "menubutton" in wanted
        return tuple(
            control for control in self.controls if control.role in wanted or (popups and control.popup)
        )


class Survey:
    """A page as seen, and the way back from each control to its element."""

    def __init__(self, seen: PageSeen, looks: dict[Frame, JSHandle]) -> None:
        self.seen = seen
        self._looks = looks

    async def ask(self, control: ControlSeen, function: str, given: object = None) -> Any:
        """What a function of the page says of the very element that was judged."""
        return await ask(self._look(control), _OF_ELEMENT % function, [control.index, given])

    async def element(self, control: ControlSeen) -> Element:
        """The very element that was judged, for doing something to it."""
        element = Element(self.frame(control))
        await self.ask(control, script("mark"), element.mark)
        return element

    def held(self, controls: Sequence[ControlSeen]) -> Held:
        """The elements of controls in one frame, to be asked for together."""
        return Held(self._look(controls[0]), [control.index for control in controls])

    def _look(self, control: ControlSeen) -> JSHandle:
        return list(self._looks.values())[control.frame]

    def frame(self, control: ControlSeen) -> Frame:
        """The frame a control stands in."""
        return list(self._looks)[control.frame]

    async def nothing_opened_since(self, page: Page) -> bool:
        """Whether no dialog has come up, as far as that can be said without another survey."""
        if page.frames != list(self._looks):
            return False
        try:
            asks = [await look.evaluate(script("asks-more")) for look in self._looks.values()]
        except BrowserError:
            return False  # another document has come, with whatever it asks
        return not any(asks)

    async def dialogs_since(self, before: Survey) -> tuple[int, ...]:
        """Which dialogs are open that were not at an earlier look, as places in `seen.dialogs`.

        They are told apart as elements: a dialog whose words change is still the same one.
        """
        known: list[bool] = []
        for frame, look in self._looks.items():
            try:
                known += await look.evaluate(_WERE_OPEN, before._looks.get(frame))
            except BrowserError:
                # The earlier document is gone, and every dialog it had with it.
                known += await look.evaluate(_WERE_OPEN, None)
        return tuple(place for place, was_open in enumerate(known) if not was_open)


async def survey(page: Page, site: Site, embedded: str = "") -> Survey:
    """Describe every control on a page, in every frame that belongs to the site.

    Args:
        page: the page, loaded.
        site: frames of other origins are left out.
        embedded: CSS selector of elements that carry the page's own data.

    Raises:
        BrowserError: the page is gone. One that merely moved on is looked at again.
    """
    while True:
        try:
            return await _survey(page, site, embedded)
        except BrowserError as error:
            if page.is_closed() or not moved_on(error):
                raise
            await page.wait_for_load_state("domcontentloaded")


async def _survey(page: Page, site: Site, embedded: str) -> Survey:
    looks: dict[Frame, JSHandle] = {}
    found: list[dict[str, Any]] = []
    for frame in page.frames:
        if frame is page.main_frame or await _belongs(frame, site):
            looks[frame] = await frame.evaluate_handle(script("survey"), embedded)
            found.append(await ask(looks[frame], "(survey) => survey.data"))
    main = found[0]
    earlier = list(accumulate((len(data["dialogs"]) for data in found), initial=0))
    return Survey(
        PageSeen(
            language=main["language"],
            path=main["path"],
            busy=any(data["busy"] for data in found),
            text_length=sum(data["text_length"] for data in found),
            embedded=tuple(text for data in found for text in data["embedded"]),
            dialogs=tuple(text for data in found for text in data["dialogs"]),
            controls=tuple(
                _control(number, index, control, earlier[number])
                for number, data in enumerate(found)
                for index, control in enumerate(data["controls"])
            ),
        ),
        looks,
    )


async def _belongs(frame: Frame, site: Site) -> bool:
    if frame.is_detached() or not (site.is_own(frame.url) or frame.url == "about:srcdoc"):
        return False
    # What stands in a frame that nobody sees is no control of the page.
    holder = await frame.frame_element()
    return await holder.is_visible()


def _control(frame: int, index: int, data: dict[str, Any], dialogs_before: int) -> ControlSeen:
    return ControlSeen(
        frame=frame,
        index=index,
        role=data["role"],
        name=data["name"],
        keys=data["keys"],
        checked=data["checked"],
        stated=data["stated"],
        chosen=data["chosen"],
        options=tuple(data["options"]),
        disabled=data["disabled"],
        busy=data["busy"],
        headings=tuple(data["headings"]),
        beside=tuple(data["beside"]),
        href=data["href"],
        dialog=None if data["dialog"] is None else dialogs_before + data["dialog"],
        popup=data["popup"],
    )
