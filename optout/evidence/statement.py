"""What a signature says about a bundle: an in-toto Statement in a DSSE envelope."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error as LibraryError
from securesystemslib.signer import Signature  # type: ignore[attr-defined] # its own re-export

from optout.evidence.sshsig import NotSigned
from optout.ledger.chain import MALFORMED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optout.evidence.signing_key import PublicKey, SigningKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:optout:evidence"
VERSION = 1
"""Of the predicate; a greater one is a newer optout's."""


class TooNew(Exception):
    """A newer optout wrote it."""


@dataclass(frozen=True)
class Statement:
    """Which files there are, and what they are.

    Attributes:
        files: SHA-256 in hex by file name.
        facts: when and by which version it was sealed.
    """

    files: Mapping[str, str]
    facts: Mapping[str, Any]

    def as_bytes(self) -> bytes:
        """The statement as in-toto wants it."""
        subject = [{"name": name, "digest": {"sha256": self.files[name]}} for name in sorted(self.files)]
        return _json(
            {
                "_type": STATEMENT_TYPE,
                "subject": subject,
                "predicateType": f"{PREDICATE_TYPE}:v{VERSION}",
                "predicate": dict(self.facts),
            }
        )

    @classmethod
    def read(cls, payload: bytes) -> Statement:
        """A statement that was signed, and is therefore as it was written.

        Raises:
            TooNew: its predicate is of a newer version.
            NotSigned: it is about something else than a bundle.
        """
        try:
            data = json.loads(payload)
            kind, _, version = data["predicateType"].rpartition(":v")
            if (data["_type"], kind) != (STATEMENT_TYPE, PREDICATE_TYPE):
                raise NotSigned(f"it is a statement about something else: {data['predicateType']}")
            if int(version) > VERSION:
                raise TooNew(f"the seal is of version {version}, this optout knows {VERSION}")
            files = {each["name"]: each["digest"]["sha256"] for each in data["subject"]}
            return cls(files, data["predicate"])
        except MALFORMED:
            raise NotSigned("it is not a statement about files") from None


def envelope_of(statement: Statement, keys: Sequence[SigningKey]) -> bytes:
    """The statement, signed with each of the keys."""
    made = Envelope(statement.as_bytes(), PAYLOAD_TYPE, {})
    pae = made.pae()
    for key in keys:
        name = key.public.fingerprint
        made.signatures[name] = Signature(name, key.sign(pae).hex())
    return _json(made.to_dict())


@dataclass(frozen=True)
class Opened:
    """An envelope, taken apart.

    Attributes:
        payload: what is in it.
        signatures: by the fingerprint of the key that each is said to be of.
        pae: what was signed.
    """

    payload: bytes
    signatures: Mapping[str, bytes]
    pae: bytes

    def statement_by(self, key: PublicKey) -> Statement:
        """What a key states.

        Raises:
            NotSigned: it did not sign this, or what it signed is no statement about a bundle.
            TooNew: a newer optout wrote it.
        """
        if not self.signed_by(key):
            raise NotSigned("it is not signed by the key that its SSH signature names")
        return Statement.read(self.payload)

    def signed_by(self, key: PublicKey) -> bool:
        """Whether there is a signature of this key, and it is of this content."""
        signature = self.signatures.get(key.fingerprint)
        return signature is not None and key.verifies(signature, self.pae)


def open_envelope(content: bytes) -> Opened:
    """Take an envelope apart; nothing is known about its signatures yet.

    Raises:
        NotSigned: it is not an envelope in the one form that we write.
    """
    try:
        made = Envelope.from_dict(json.loads(content))
        if made.payload_type != PAYLOAD_TYPE or _json(made.to_dict()) != content:
            raise NotSigned("it is not an envelope as optout writes it")
        signatures = {name: bytes.fromhex(each.signature) for name, each in made.signatures.items()}
    except (*MALFORMED, LibraryError):
        raise NotSigned("it is not an envelope any more, or never was one") from None
    return Opened(made.payload, signatures, made.pae())


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()
