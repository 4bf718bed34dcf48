"""Which bundles somebody chose to hand over: signed, so that none can be left out on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.evidence.signed import SUFFIX, Kind
from optout.evidence.sshsig import NotSigned
from optout.ledger.chain import MALFORMED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optout.evidence.signing_key import PublicKey, SigningKey

SELECTION = Kind("selection")
FILE = "selection.json"


def write_selection(bundles: Sequence[str], at: str, key: SigningKey) -> dict[str, bytes]:
    """Write down which bundles there are.

    Args:
        bundles: relative to the evidence folder, with `/` between.
        at: when, UTC, in ISO form.
        key: signs it.

    Returns:
        The document and its signature, by file name.
    """
    content = SELECTION.content({"bundles": sorted(bundles), "at": at})
    return {FILE: content, FILE + SUFFIX: SELECTION.signature(content, key)}


def read_selection(path: Path) -> tuple[list[str], PublicKey]:
    """The bundles, and who chose them.

    Raises:
        NotSigned: it was changed, or its signature is missing.
        TooNew: a newer optout wrote it.
        OSError: it cannot be read.
    """
    facts, key = SELECTION.read(path)
    try:
        return [str(each) for each in facts["bundles"]], key
    except MALFORMED:
        raise NotSigned("it is not a selection of optout") from None
