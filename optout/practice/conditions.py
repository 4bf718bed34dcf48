"""Conditions: the ways in which a practice site can be made to misbehave, by name."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Condition:
    """One thing that can be different for an account.

    Attributes:
        name: in kebab-case, as typed.
        sentence: what it does, in one sentence.
        group: the heading it is listed under.
        starts_out: whether an account with it begins opted out.
    """

    name: str
    sentence: str
    group: str
    starts_out: bool = False


def chosen(names: Iterable[str], conditions: Sequence[Condition]) -> frozenset[str]:
    """The same names, once each is known to exist.

    Raises:
        UsageProblem: a name is not among the conditions; the nearest ones are suggested.
    """
    wanted = frozenset(names)
    known = [condition.name for condition in conditions]
    for name in sorted(wanted.difference(known)):
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        raise UsageProblem(
            f"this practice site has no condition {name!r}",
            expected="the name of a condition of this site",
            found=name,
            next_step=f"Did you mean {' or '.join(near)}?" if near else "See the list of them.",
        )
    return wanted
