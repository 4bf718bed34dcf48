"""Ed25519 keys: signing with one half, naming and checking with the other."""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from optout.errors import UsageProblem
from optout.evidence.wire import pack, unpack

_SSH_KIND = b"ssh-ed25519"
_RAW_BYTES = 32
_COMMENT = "optout-evidence"


@dataclass(frozen=True)
class PublicKey:
    """The half of a key that anybody may have.

    Attributes:
        raw: its 32 bytes.
    """

    raw: bytes

    @classmethod
    def of_blob(cls, blob: bytes) -> PublicKey:
        """A key as OpenSSH writes it into signatures.

        Raises:
            ValueError: it is not an Ed25519 key.
        """
        kind, raw = unpack(blob, 2)
        if kind != _SSH_KIND or len(raw) != _RAW_BYTES:
            raise ValueError("not an Ed25519 key")
        return cls(raw)

    @classmethod
    def read(cls, text: bytes) -> PublicKey:
        """A key as people have it: an OpenSSH line or PEM.

        Raises:
            UsageProblem: it is neither, or of another kind.
        """
        try:
            if text.lstrip().startswith(b"-----BEGIN"):
                key = serialization.load_pem_public_key(text)
            else:
                key = serialization.load_ssh_public_key(text.strip())
        except (ValueError, UnsupportedAlgorithm):
            raise _no_key("a public key", "something else") from None
        if not isinstance(key, Ed25519PublicKey):
            raise _no_key("a public key", type(key).__name__.strip("_"))
        return cls(key.public_bytes_raw())

    @property
    def blob(self) -> bytes:
        """The key as OpenSSH writes it into signatures."""
        return pack(_SSH_KIND, self.raw)

    @property
    def fingerprint(self) -> str:
        """What people compare, as `ssh-keygen -l` shows it: `SHA256:…`."""
        return f"SHA256:{base64.b64encode(self._digest).decode().rstrip('=')}"

    @property
    def name(self) -> str:
        """Sixteen hexadecimal digits of the fingerprint, for file names."""
        return self._digest.hex()[:16]

    @property
    def openssh(self) -> str:
        """The line that `ssh-keygen` reads, without its end."""
        return f"{_SSH_KIND.decode()} {base64.b64encode(self.blob).decode()} {_COMMENT}"

    @property
    def pem(self) -> bytes:
        """The form that `openssl` reads."""
        return _loaded(self.raw).public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the other half signed exactly this."""
        try:
            _loaded(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    @property
    def _digest(self) -> bytes:
        return hashlib.sha256(self.blob).digest()


@functools.lru_cache(maxsize=64)
def _loaded(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


class SigningKey:
    """The half that signs. It shows nothing of itself.

    Args:
        raw: its 32 bytes.

    Raises:
        ValueError: there are more or fewer.
    """

    def __init__(self, raw: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(raw)
        self.public = PublicKey(self._key.public_key().public_bytes_raw())

    @classmethod
    def make(cls) -> SigningKey:
        """A new one."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def of_text(cls, text: str) -> SigningKey:
        """A key as it is kept: 44 characters of base64, which every keyring takes.

        Raises:
            ValueError: it is something else.
        """
        try:
            return cls(base64.b64decode(text, validate=True))
        except binascii.Error:
            raise ValueError("not base64") from None

    @classmethod
    def read(cls, text: bytes, passphrase: bytes | None = None) -> SigningKey:
        """A private key from a file of `ssh-keygen` or `openssl genpkey`.

        Raises:
            UsageProblem: it is something else, of another kind, or the passphrase is wrong.
            TypeError: it needs a passphrase and none was given.
        """
        ssh = b"BEGIN OPENSSH" in text
        load = serialization.load_ssh_private_key if ssh else serialization.load_pem_private_key
        try:
            key = load(text, passphrase)
        except UnsupportedAlgorithm:
            raise UsageProblem(
                "OpenSSH's own way to protect a key with a passphrase cannot be read here",
                expected="a key in PEM form, or without a passphrase",
                next_step="Take the passphrase off a copy: ssh-keygen -p -N '' -f COPY",
            ) from None
        except ValueError:
            wrong = "something else, or another passphrase" if passphrase else "something else"
            raise _no_key("a private key", wrong) from None
        if not isinstance(key, Ed25519PrivateKey):
            raise _no_key("a private key", type(key).__name__.strip("_"))
        return cls(key.private_bytes_raw())

    def text(self) -> str:
        """The key as it is kept; goes to its store and nowhere else."""
        return base64.b64encode(self._key.private_bytes_raw()).decode()

    def sign(self, message: bytes) -> bytes:
        """64 bytes, the same for the same message."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return f"SigningKey({self.public.fingerprint})"


def _no_key(what: str, found: str) -> UsageProblem:
    return UsageProblem(
        f"this is not {what} that evidence is signed with",
        expected="an Ed25519 key in OpenSSH or PEM form",
        found=found,
        next_step="One is made by: ssh-keygen -t ed25519 -f KEYFILE",
    )
