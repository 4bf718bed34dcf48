"""How often a platform is visited: as its flow says, or more slowly where somebody wishes that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.campaign.plan import site_wished
from optout.ledger.tasks import NO_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optout.campaign.plan import Wishes
    from optout.flow import Flow

# By how much of it chance makes a gap longer.
_JITTER = 0.5


def limits_for(origin: str, flows: Mapping[str, Flow], wishes: Wishes) -> Limits:
    """How often an origin may be visited.

    Args:
        origin: scheme, host and port.
        flows: the flows of the run's platforms.
        wishes: what the person asked for; it can only make visits to a platform rarer.
    """
    if flow := flow_at(origin, flows, wishes):
        return paced(flow, wishes)
    # A practice site is as patient as it is told to be.
    return Limits(wishes.gap_s, 0.0, wishes.per_hour, None) if wishes.site else NO_LIMITS


def flow_at(origin: str, flows: Mapping[str, Flow], wishes: Wishes) -> Flow | None:
    """The flow of the platform at an origin; None for a practice site."""
    sites = ((flow, site_wished(flow, wishes)) for flow in flows.values())
    return next((flow for flow, site in sites if site.origin == origin and not site.practice), None)


def paced(flow: Flow, wishes: Wishes) -> Limits:
    """How often a flow's platform may be visited."""
    gap_s = max(flow.pace_s, wishes.gap_s)
    per_hour = min(flow.visits_per_hour, wishes.per_hour or flow.visits_per_hour)
    return Limits(gap_s, gap_s * _JITTER, per_hour, flow.visits_at_once)
