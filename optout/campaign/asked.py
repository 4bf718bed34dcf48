"""What a run was asked for, as the ledger keeps it, so that whoever goes on with it does the same."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from optout.campaign.plan import Wishes
from optout.model import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

RESUMABLE = ("run",)
"""The commands whose runs others may join, and go on with."""

# Neither can be written down: credentials are secret, and patience is not asked for by anybody.
_NOT_KEPT = ("credentials", "patience")


def as_data(wishes: Wishes) -> dict[str, Any] | None:
    """The wishes as plain data without secrets; None where nobody could go on with their run."""
    if wishes.command not in RESUMABLE or wishes.credentials is not None:
        return None
    return {
        each.name: getattr(wishes, each.name) for each in fields(Wishes) if each.name not in _NOT_KEPT
    }


def wishes_of(data: Mapping[str, Any]) -> Wishes:
    """The wishes that such data was made of; what a newer program has added is left out."""
    known = {each.name for each in fields(Wishes)} - set(_NOT_KEPT)
    kept = {name: value for name, value in data.items() if name in known}
    kept["mode"] = Mode(kept["mode"]) if kept.get("mode") else None
    kept["allow_hosts"] = tuple(kept.get("allow_hosts", ()))
    return Wishes(**kept)
