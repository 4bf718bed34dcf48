"""Pages a flow can recognise on the way to a setting."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from optout.flow.wording import Labels
from optout.model import Why

if TYPE_CHECKING:
    from collections.abc import Mapping


class SceneKind(enum.StrEnum):
    """What a recognised page means for the visit."""

    SIGNED_IN = "signed-in"
    SIGN_IN_FORM = "sign-in-form"
    ACCOUNT_CHOOSER = "account-chooser"
    INTERSTITIAL = "interstitial"
    CREDENTIALS_REFUSED = "credentials-refused"
    ONE_TIME_CODE = "one-time-code"
    PERSON_ONLY = "person-only"
    SIGNED_OUT = "signed-out"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """How to recognise one kind of page. Every condition that is given must hold.

    Attributes:
        kind: what it means.
        why: the reason it gives a person, where it needs one.
        paths: patterns of the URL's path (`*` is any run of characters); the query is never looked
            at for this, because return addresses and error codes sit in it.
        query: parameters of the URL that must have exactly these values.
        marks: CSS selectors; one must match a visible element.
        traces: CSS selectors; one must match an element, whether or not it can be seen.
        texts: one must stand on the page as a heading, an alert or a paragraph.
    """

    kind: SceneKind
    why: Why = Why.NONE
    paths: tuple[str, ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    marks: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    texts: Labels = field(default_factory=Labels)

    def fits_address(self, path: str, query: Mapping[str, str]) -> bool:
        """Whether path and query are right; says nothing about marks and texts."""
        if self.paths and not any(fnmatchcase(path, pattern) for pattern in self.paths):
            return False
        return all(query.get(name) == value for name, value in self.query)


@dataclass(frozen=True)
class IdentityMark:
    """Where a signed-in page says who is signed in.

    Attributes:
        selector: CSS selector of the element.
        attribute: the attribute that holds the name; empty for the element's own text.
    """

    selector: str
    attribute: str = ""
