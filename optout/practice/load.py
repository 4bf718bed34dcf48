"""Finding the practice site that a flow names."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from optout.errors import FlowBroken

if TYPE_CHECKING:
    from optout.flow import Flow
    from optout.practice.site import PracticeSite


def practice_site_of(flow: Flow) -> PracticeSite:
    """Make the practice site of a flow.

    Raises:
        FlowBroken: the flow names none that can be loaded.
    """
    module, _, function = flow.practice.partition(":")
    try:
        site: PracticeSite = getattr(importlib.import_module(module), function)()
    except (ImportError, AttributeError) as error:
        raise FlowBroken(
            f"the practice site of {flow.name} cannot be loaded",
            expected=f"a function at {flow.practice}",
            found=str(error),
            next_step="Report it to the flow's author.",
        ) from None
    return site
