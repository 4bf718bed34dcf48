"""A run that undoes one change. It is the only one whose orders say what to put back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from optout.campaign.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optout.campaign.plan import Plan
    from optout.campaign.targets import Job
    from optout.visit.browser import OpenBrowser
    from optout.visit.order import Order


@dataclass
class Undo(Run):
    """Undoes what was changed before.

    Attributes:
        put_back: what each control stood on, by the path it was read at.
    """

    put_back: Mapping[str, str] = field(default_factory=dict)

    def _order(self, job: Job, chosen: Plan, visit_id: str, browser: OpenBrowser) -> Order:
        return replace(super()._order(job, chosen, visit_id, browser), put_back=self.put_back)
