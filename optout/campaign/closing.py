"""What happens to evidence when a run ends: its log is written out, signed, and handed over."""

from __future__ import annotations

import os
import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING

from optout.accounts.keys import NoKey
from optout.errors import OptoutError
from optout.evidence.checkpoint import Checkpoint, make_checkpoint
from optout.evidence.handing import hand_over
from optout.evidence.layout import Layout
from optout.evidence.timestamp import ask_for_stamp
from optout.home import write_private
from optout.ledger.chain_log import write_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from optout.campaign.surroundings import Surroundings
    from optout.evidence.seal import Seal

DESTINATIONS = "OPTOUT_CHECKPOINT_TO"
"""The variable that names who gets each run's checkpoint, as a shell would divide them."""

AUTHORITY = "OPTOUT_TSA"
"""The variable that names the address of a time stamping authority."""


def seals(around: Surroundings, tell: Callable[[str], None]) -> tuple[Seal, ...]:
    """What to seal this run's bundles with; where a key is missing, the person is told once."""
    made, missing = around.signing.seals()
    if missing is not None:
        unsigned = "Evidence is not signed" if not made else "Evidence is not counter-signed"
        tell(f"{unsigned} because {missing.reason}. {missing.next_step}")
    return made


def write_out(around: Surroundings, tell: Callable[[str], None]) -> Checkpoint | None:
    """Bring the written log up to date and sign where it stands.

    Returns:
        The checkpoint; None where there is no key, or nothing in the log.

    Raises:
        LedgerProblem: the ledger cannot be read.
        OSError: a file cannot be written.
    """
    layout = Layout(around.home.data)
    last, mended = write_log(around.ledger, layout.log)
    if mended:
        tell(f"{layout.log} did not say what the ledger says and was written anew. Who changed it?")
    key = around.signing.current()
    if last is None or isinstance(key, NoKey):
        return None
    return make_checkpoint(layout.checkpoints, last, key)


def send_on(
    checkpoint: Checkpoint, tell: Callable[[str], None], environ: Mapping[str, str] = os.environ
) -> None:
    """Let the authority that is named stamp a checkpoint, and hand it to whom it is for.

    What fails is told; the checkpoint stays, and a later command can do it.
    """
    with _told(tell):
        if authority := environ.get(AUTHORITY):
            stamp(checkpoint, authority)
    for destination in shlex.split(environ.get(DESTINATIONS, "")):
        with _told(tell):
            hand_over(checkpoint, destination, environ)


def stamp(checkpoint: Checkpoint, authority: str) -> bool:
    """Keep an authority's time stamp beside a checkpoint.

    Returns:
        Whether it is new; a checkpoint that has one keeps it.

    Raises:
        SiteUnreachable: the authority gave none.
        NotUsableHere: there is nothing here that speaks to authorities.
        OSError: it cannot be written.
    """
    if checkpoint.stamp.exists():
        return False
    write_private(checkpoint.stamp, ask_for_stamp(checkpoint.path.read_bytes(), authority))
    return True


@contextmanager
def _told(tell: Callable[[str], None]) -> Iterator[None]:
    try:
        yield
    except OptoutError as error:
        tell(str(error))
    except OSError as error:
        tell(f"The checkpoint was not handed over: {error.filename or ''} {error.strerror or error}.")


def close_log(around: Surroundings, tell: Callable[[str], None]) -> Checkpoint | None:
    """`write_out` at the end of a run, whose results stand whatever happens here."""
    made: list[Checkpoint | None] = []
    with _told(tell):
        made.append(write_out(around, tell))
    return made[0] if made else None
