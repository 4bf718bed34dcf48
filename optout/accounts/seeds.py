"""The seeds of authenticator apps, and the codes they give."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from optout.accounts.secret import Secret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.twofactor.hotp import HOTPHashTypes

_HASHES: dict[str, HOTPHashTypes] = {
    "SHA1": hashes.SHA1(),  # noqa: S303 - the one nearly all platforms use; HMAC keeps it sound
    "SHA256": hashes.SHA256(),
    "SHA512": hashes.SHA512(),
}
_LENGTHS = range(6, 9)
_LONGEST_STEP_S = 3600


@dataclass(frozen=True)
class Seed:
    """What an authenticator app keeps for one account.

    Attributes:
        key: the shared key, in base32 without spaces.
        digits: digits in a code, 6 to 8.
        algorithm: `SHA1`, `SHA256` or `SHA512`.
        step_s: seconds that each code is good for.
    """

    key: Secret
    digits: int = 6
    algorithm: str = "SHA1"
    step_s: int = 30

    def code(self, step: int) -> Secret:
        """The code of the given step; step 0 began on 1 January 1970."""
        # Many platforms still hand out keys of 80 bits, and refusing them would not lengthen them.
        generator = HOTP(
            _bytes(self.key.reveal()),
            self.digits,
            _HASHES[self.algorithm],
            enforce_key_length=False,
        )
        return Secret(generator.generate(step).decode("ascii"))


def parse_seed(secret: Secret) -> Seed:
    """A seed from its base32 key, with or without spaces, or from an `otpauth://totp/` address.

    Raises:
        ValueError: it is neither; the message says why and holds nothing of it.
    """
    text = secret.reveal().strip()
    if not text.lower().startswith("otpauth:"):
        return Seed(key=_key(text))
    try:
        address = urlsplit(text)
        given = {name: values[-1] for name, values in parse_qs(address.query).items()}
        digits, step_s = int(given.get("digits", 6)), int(given.get("period", 30))
    except ValueError:
        raise ValueError("its otpauth:// address cannot be read") from None
    if address.netloc.lower() != "totp":
        raise ValueError("its otpauth:// address is not for codes that change with time")
    algorithm = given.get("algorithm", "SHA1").upper()
    if algorithm not in _HASHES or digits not in _LENGTHS or not 0 < step_s <= _LONGEST_STEP_S:
        raise ValueError("its otpauth:// address asks for codes of an unknown kind")
    return Seed(_key(given.get("secret", "")), digits=digits, algorithm=algorithm, step_s=step_s)


def _key(text: str) -> Secret:
    compact = "".join(text.split()).replace("-", "").rstrip("=").upper()
    if not compact:
        raise ValueError("it has no key")
    key = Secret(compact)
    try:
        _bytes(compact)
    except (binascii.Error, ValueError):
        key.forget()
        raise ValueError("it is not written in base32 (letters A to Z, digits 2 to 7)") from None
    return key


def _bytes(key: str) -> bytes:
    return base64.b32decode(key + "=" * (-len(key) % 8))
