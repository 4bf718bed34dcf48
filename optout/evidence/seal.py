"""Sealing a bundle: a signed statement about every file, checkable with and without optout."""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING

import optout
from optout.evidence.bundle import ENVELOPE, MANIFEST, SIGNATURE, listed
from optout.evidence.sshsig import ssh_sign
from optout.evidence.statement import Statement, envelope_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optout.evidence.signing_key import SigningKey

NAMESPACE = "optout-evidence-v1"


class Seal:
    """Signs what a manifest lists, and the manifest itself.

    Args:
        key: this installation's.
        counter_key: an organisation's, which signs as well.
    """

    def __init__(self, key: SigningKey, counter_key: SigningKey | None = None) -> None:
        self._keys = [key] if counter_key is None else [key, counter_key]

    def seal(self, manifest: bytes) -> Mapping[str, bytes]:
        """The envelope and its SSH signature, by file name."""
        files = {**listed(manifest), MANIFEST: hashlib.sha256(manifest).hexdigest()}
        facts = {
            "sealed": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "tool": f"optout {optout.__version__}",
        }
        envelope = envelope_of(Statement(files, facts), self._keys)
        return {ENVELOPE: envelope, SIGNATURE: ssh_sign(self._keys[0], envelope, NAMESPACE)}
