"""Runs of this process's own, and runs on workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.campaign.asked import RESUMABLE
from optout.campaign.cluster.handing_out import refuse_beside_workers
from optout.campaign.run import Run
from optout.errors import NotUsableHere

if TYPE_CHECKING:
    from optout.campaign.plan import Wishes
    from optout.campaign.surroundings import Audience, Surroundings


def run_for(wishes: Wishes, around: Surroundings, audience: Audience, *, anew: bool = True) -> Run:
    """The run that was asked for.

    Args:
        wishes: what was asked for.
        around: the installation.
        audience: who watches.
        anew: whether it is to begin, and not to go on.

    Raises:
        UsageProblem: workers are at a run that it would get in the way of.
        NotUsableHere: what runs on workers need is not installed.
    """
    if anew and wishes.command in RESUMABLE:
        refuse_beside_workers(around.ledger)
    if not wishes.on_workers:
        return Run(wishes, around, audience)
    try:
        # Imported here: it needs an extra that few have.
        from optout.campaign.cluster.on_workers import RunOnWorkers  # noqa: PLC0415
    except ImportError as error:
        raise not_installed(error) from None
    return RunOnWorkers(wishes, around, audience)


def not_installed(error: ImportError) -> NotUsableHere:
    """The error for a machine that cannot take part in a cluster."""
    return NotUsableHere(
        "what many machines work together with is not installed here",
        found=str(error),
        next_step="python -m pip install 'optout[cluster]'",
    )
