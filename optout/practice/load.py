"""Finding the practice site that a flow names."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from optout.errors import FlowBroken
from optout.flow.memory import is_from_memory

if TYPE_CHECKING:
    from types import ModuleType

    from optout.flow import Flow
    from optout.practice.site import PracticeSite


def practice_site_of(flow: Flow, **facts: float) -> PracticeSite:
    """Make the practice site of a flow.

    Args:
        flow: whose.
        facts: what the site is made with, such as `slow_seconds`.

    Raises:
        FlowBroken: the flow names none that can be loaded.
    """
    try:
        site: PracticeSite = getattr(practice_module(flow), flow.practice.partition(":")[2])(**facts)
    except (ImportError, AttributeError) as error:
        raise FlowBroken(
            f"the practice site of {flow.name} cannot be loaded",
            expected=f"a function at {flow.practice}",
            found=str(error),
            next_step="Report it to the flow's author.",
        ) from None
    return site


def practice_module(flow: Flow) -> ModuleType:
    """The module a flow names for its practice site; `.practice.site` is the one beside it.

    Raises:
        ImportError: there is none, or a third party's lies outside the folder that was accepted.
    """
    named, beside = flow.practice.partition(":")[0], type(flow).__module__
    if is_from_memory(beside) and not named.startswith("."):
        raise ImportError(f"{named} is not in the flow's own folder, as .practice.site would be")
    return importlib.import_module(named, beside.rpartition(".")[0])
