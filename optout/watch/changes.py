"""What optout has changed, and what stood there before: read from the ledger and a whole bundle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optout.errors import EvidenceInvalid, UsageProblem
from optout.evidence.bundle import check_bundle
from optout.model import Outcome, Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from optout.ledger.history import Look
    from optout.model import Target


@dataclass(frozen=True)
class Change:
    """One change by optout that has not been undone.

    Attributes:
        look: the outcome that established it.
        bundle: the folder of its evidence.
        before: what the control stood on, by the path it was read at; one path per object.
    """

    look: Look
    bundle: Path
    before: Mapping[str, str]


def recorded_change(target: Target, looks: Sequence[Look], evidence: Path) -> Change:
    """The newest change of a target that can be undone.

    Args:
        target: which.
        looks: its looks at one origin, oldest first.
        evidence: the folder that all bundles are in.

    Raises:
        UsageProblem: optout has changed nothing there, has undone it, or did not record what was there.
        EvidenceInvalid: the bundle is not as it was written.
    """
    made = [look for look in looks if look.outcome is Outcome.OPTED_OUT or look.wanted_in]
    if not made:
        raise _nothing(target, f"optout has not changed {target}, so there is nothing to undo")
    look = made[-1]
    if look.wanted_in:
        raise _nothing(target, f"{target} was put back already, {look.at:%Y-%m-%d %H:%M} UTC")
    if look.evidence is None:
        raise _nothing(target, f"the change of {target} left no evidence to tell what was there before")
    bundle = evidence / look.evidence
    if check_bundle(bundle).digest != look.evidence_digest:
        raise EvidenceInvalid(
            f"the bundle of the change of {target} is another one than the ledger knows",
            step="undo",
            found=str(bundle),
            next_step="Put back the bundle that was written then, or change the setting by hand.",
        )
    before = states_before(bundle)
    if not before:
        raise _nothing(target, f"the change of {target} does not say what was there before")
    return Change(look, bundle, before)


def states_before(bundle: Path) -> dict[str, str]:
    """What the controls that a bundle says were changed stood on before, by path."""
    record: dict[str, Any] = json.loads((bundle / "record.json").read_bytes())
    out = {each["path"] for each in record["after"] if Reading.OUT in (each["reading"], each["locked"])}
    return {
        each["path"]: each["state"]
        for each in record["before"]
        if each["reading"] == Reading.IN and each["path"] in out and "state" in each
    }


def _nothing(target: Target, what: str) -> UsageProblem:
    return UsageProblem(
        what,
        next_step=f"To see every reading: optout history {target}. Change it by hand if you want to.",
    )
