"""One element of a page that something is done to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Frame, Locator


def _unguessable() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True)
class Element:
    """An element that a page script has found and left a mark on.

    The mark goes with the document: what comes after it, even at the same address, has no such element,
    and nothing is done to it. The driver's own handles would do too; each costs several questions to the
    browser and a copy of the driver's script in the page.

    Attributes:
        frame: where it stands.
        mark: told to the script that finds it.
    """

    frame: Frame
    mark: str = field(default_factory=_unguessable)

    @property
    def locator(self) -> Locator:
        """For doing something to it; that fails where it is gone."""
        return self.frame.locator(f'[data-optout-mark="{self.mark}"]')
