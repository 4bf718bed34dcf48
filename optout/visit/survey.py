"""Everything a page shows that could matter, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as BrowserError

from optout.visit.scripts import script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.async_api import ElementHandle, Frame, JSHandle, Page

    from optout.visit.site import Site


@dataclass(frozen=True)
class ControlSeen:
    """One control as it stands on the page.

    Attributes:
        frame: which frame it is in; 0 is the page itself.
        index: its place in that frame's survey.
        role: `switch`, `checkbox`, `radio`, `combobox`, `listbox`, `button`, `menuitem`, `link`, `tab`.
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
        return self.keys.get("aria-labelledby") or self.keys.get("id") or self.name

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
        """The controls of these roles, in page order."""
        wanted = set(roles)
        return tuple(control for control in self.controls if control.role in wanted)


class Survey:
    """A page as seen, and the way back from each control to its element."""

    def __init__(self, seen: PageSeen, frames: list[JSHandle]) -> None:
        self.seen = seen
        self._frames = frames

    async def element(self, control: ControlSeen) -> ElementHandle:
        """The very element that was judged; it is dead once the page has moved on."""
        handle = await self._frames[control.frame].evaluate_handle(
            "(survey, index) => survey.elements[index]", control.index
        )
        element = handle.as_element()
        if element is None:
            raise BrowserError("the element is gone")
        return element


async def survey(page: Page, site: Site, embedded: str = "") -> Survey:
    """Describe every control on a page, in every frame that belongs to the site.

    Args:
        page: the page, loaded.
        site: frames of other origins are left out.
        embedded: CSS selector of elements that carry the page's own data.

    Raises:
        BrowserError: the page moved on while it was looked at.
    """
    handles: list[JSHandle] = []
    found: list[dict[str, Any]] = []
    for frame in page.frames:
        if frame is page.main_frame or _belongs(frame, site):
            handle = await frame.evaluate_handle(script("survey"), embedded)
            found.append(await handle.evaluate("(survey) => survey.data"))
            handles.append(handle)
    main = found[0]
    return Survey(
        PageSeen(
            language=main["language"],
            path=main["path"],
            busy=any(data["busy"] for data in found),
            text_length=sum(data["text_length"] for data in found),
            embedded=tuple(text for data in found for text in data["embedded"]),
            dialogs=tuple(text for data in found for text in data["dialogs"]),
            controls=tuple(
                _control(number, index, control)
                for number, data in enumerate(found)
                for index, control in enumerate(data["controls"])
            ),
        ),
        handles,
    )


def _belongs(frame: Frame, site: Site) -> bool:
    return not frame.is_detached() and (site.is_own(frame.url) or frame.url == "about:srcdoc")


def _control(frame: int, index: int, data: dict[str, Any]) -> ControlSeen:
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
    )
