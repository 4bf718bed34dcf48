"""The installation's own keys: one that seals sessions, one that hides logins in folder names."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from optout.accounts.command import parse_command, run_secret_command
from optout.accounts.keyring_store import INSTALLATION_KEY, KeyringStore
from optout.accounts.secret import Secret
from optout.errors import NotUsableHere, OptoutError, SecretUnavailable
from optout.home import private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COMMAND = "OPTOUT_KEY_COMMAND"
"""The variable that names a program which prints the key, for machines without a keyring."""

_KEY_BYTES = 32
_LEAST_PRINTED = 32
_SALT_FILE = "installation.salt"


@dataclass(frozen=True)
class NoKey:
    """There is no key to seal with on this machine.

    Attributes:
        reason: why, in a phrase: "the session is not kept because …".
        next_step: what the person can do about it.
    """

    reason: str
    next_step: str


class KeySource:
    """Where the installation's key comes from: the program in `OPTOUT_KEY_COMMAND`, or the keyring.

    Args:
        store: the keyring.
        environ: where `OPTOUT_KEY_COMMAND` is looked up.
    """

    def __init__(
        self, store: KeyringStore | None = None, *, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._store = store or KeyringStore()
        self._environ = environ
        self._key: bytes | None = None

    def key(self) -> bytes | NoKey:
        """The installation's key, 32 bytes; made and kept in the keyring at first use.

        It is fetched once, for a program may ask the person each time.

        Raises:
            UsageProblem: `OPTOUT_KEY_COMMAND` is not a command.
        """
        if self._key is None:
            command = self._environ.get(COMMAND, "")
            try:
                self._key = _printed_key(command) if command else self._kept_key()
            except (NotUsableHere, SecretUnavailable) as error:
                # Of a keyring what it said is enough; a program has to be named.
                reason = error.reason if command else error.found or error.what
                return NoKey(reason, error.next_step)
        return self._key

    def _kept_key(self) -> bytes:
        kept = self._store.get(INSTALLATION_KEY)
        if kept is None:
            kept = Secret(base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode("ascii"))
            self._store.set(INSTALLATION_KEY, kept)
        try:
            key = base64.b64decode(kept.reveal(), validate=True)
        except binascii.Error:
            key = b""
        if len(key) != _KEY_BYTES:
            raise SecretUnavailable(
                "the installation's key in the keyring is damaged",
                expected=f"{_KEY_BYTES} bytes in base64 under {INSTALLATION_KEY}",
                next_step="Remove it in the keyring's own program, then sign in again.",
            )
        return key


def _printed_key(command: str) -> bytes:
    """A key from whatever the program prints, long enough that it can hold 32 random bytes."""
    printed = run_secret_command(parse_command(command)).reveal()
    if len(printed) < _LEAST_PRINTED:
        raise SecretUnavailable(
            f"the program in {COMMAND} prints too short a key",
            expected=f"at least {_LEAST_PRINTED} random characters",
            found=f"{len(printed)} characters",
            next_step="Make one with: openssl rand -base64 32",
        )
    return derived_key(printed.encode("utf-8"), "installation")


def derived_key(key: bytes, *purpose: str) -> bytes:
    """A 32-byte key that is good for one purpose and tells nothing about the others."""
    info = "\0".join(("optout", *purpose)).encode("utf-8", "surrogatepass")
    return HKDF(hashes.SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(key)


def installation_salt(data: Path) -> bytes:
    """The key behind folder names, 32 bytes; made at first use.

    It lives in a file and not in the keyring, so that an account's folders keep their names whether
    or not there is a keyring today. Who steals the whole data folder can therefore test guesses of
    a login against the names; who gets a bundle or a folder alone cannot.

    Args:
        data: optout's data folder.

    Raises:
        OptoutError: the file is damaged.
        OSError: the folder cannot be written.
    """
    path = data / _SALT_FILE
    if not path.exists():
        _make_salt(path)
    salt = path.read_bytes()
    if len(salt) != _KEY_BYTES:
        raise OptoutError(
            f"{path} is damaged",
            expected=f"{_KEY_BYTES} bytes",
            found=f"{len(salt)}",
            next_step="Restore it from a backup: the names of the accounts' folders depend on it.",
        )
    return salt


def _make_salt(path: Path) -> None:
    """Put a new salt under `path`, unless another process was quicker."""
    private_folder(path.parent)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    write_private(draft, secrets.token_bytes(_KEY_BYTES))
    try:
        # Unlike a rename this fails where the name is taken, so that two first runs agree.
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:
        # No hard links on this disk (exFAT): then the last of two first runs wins.
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
