"""Small secrets in the system's keyring, with nothing taken on trust."""

from __future__ import annotations

import contextlib
import enum
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from optout.accounts.background import in_background
from optout.accounts.keyring_backends import OTHER_WAYS, choose_backend, refused, shown_name
from optout.accounts.redact import redact
from optout.accounts.secret import Secret
from optout.errors import NotUsableHere, OptoutError, SecretUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from keyring.backend import KeyringBackend

    from optout.model import Account

T = TypeVar("T")

LIMIT_S = 3.0
"""Seconds a keyring may take. Working ones need a tenth; over SSH some never answer."""

INSTALLATION_KEY = "optout:installation:key"

# Always the same: on Windows two users under one service name are stored under swapped names, so
# that what tells the secrets apart has to be the service name alone.
_USER = "optout"

# What backends raise besides keyring's own errors, by module. Looked up among the modules that are
# loaded: one that is not loaded cannot have raised.
_FOREIGN_ERRORS = (
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("jeepney.auth", "AuthenticationError"),
    ("jeepney.io.common", "RouterClosed"),
    ("dbus.exceptions", "DBusException"),
    ("gi.repository.GLib", "Error"),
    ("pywintypes", "error"),
    ("win32ctypes.pywin32.pywintypes", "error"),
)


class Kept(enum.StrEnum):
    """What can be kept in the keyring for an account."""

    PASSWORD = "password"  # noqa: S105 - a name, not a password
    TOTP_SEED = "totp-seed"


def secret_name(account: Account, kept: Kept) -> str:
    """The keyring's service name: `optout:linkedin:ada@example.org:password`."""
    return f"optout:{account.platform}:{account.login}:{kept}"


@dataclass(frozen=True)
class Usable:
    """A keyring that answers.

    Attributes:
        name: which one, for people.
    """

    name: str

    def __str__(self) -> str:
        return f"usable: {self.name}"


@dataclass(frozen=True)
class NotUsable:
    """No keyring that could be used.

    Attributes:
        reason: why, in a phrase.
        next_step: what the person can do instead.
    """

    reason: str
    next_step: str

    def __str__(self) -> str:
        return f"not usable here because {self.reason}. {self.next_step}"


class KeyringStore:
    """The keyring of this machine's user.

    Args:
        limit_s: seconds each question may take.
        environ: where `OPTOUT_KEYRING_BACKEND` is looked up.
    """

    def __init__(self, *, limit_s: float = LIMIT_S, environ: Mapping[str, str] = os.environ) -> None:
        self._limit_s = limit_s
        self._environ = environ
        self._ring: KeyringBackend | None = None
        self._unanswered: Future[Any] | None = None

    def check(self) -> Usable | NotUsable:
        """Whether secrets can be kept here; asks the keyring for a secret that is not there."""
        try:
            self._read("optout:check")
            return Usable(self._ask(shown_name))
        except OptoutError as error:
            return NotUsable(error.found or error.what, error.next_step)

    def get(self, name: str) -> Secret | None:
        """The secret under this name, or None.

        Raises:
            NotUsableHere: there is no keyring to ask, it is locked, or it does not answer.
        """
        text = self._read(name)
        return Secret(text) if text else None

    def set(self, name: str, secret: Secret) -> None:
        """Keep a secret, and read it back to be sure.

        Raises:
            NotUsableHere: there is no keyring, it is locked, does not answer or refuses the secret.
            SecretUnavailable: it took the secret but does not have it.
        """
        # A keyring that is locked or hangs shows it here, before anything is written.
        self._read(name)
        text = secret.reveal()
        self._ask(lambda ring: ring.set_password(name, _USER, text), length=len(text))
        if self._read(name) != text:
            with contextlib.suppress(OptoutError):  # the error below is the one that matters
                self.delete(name)
            raise SecretUnavailable(
                "the keyring did not keep the secret",
                expected="to read back what was stored",
                found="something else or nothing",
                next_step=OTHER_WAYS,
            )

    def delete(self, name: str) -> bool:
        """Remove a secret.

        Returns:
            Whether there was one.

        Raises:
            NotUsableHere: as for `get`.
            SecretUnavailable: it is still there afterwards.
        """
        if self._read(name) is None:
            return False
        self._ask(lambda ring: ring.delete_password(name, _USER))
        if self._read(name) is not None:
            raise SecretUnavailable(
                "the keyring still has the secret after removing it",
                found=name,
                next_step="Remove it in the keyring's own program.",
            )
        return True

    def _read(self, name: str) -> str | None:
        return self._ask(lambda ring: ring.get_password(name, _USER))

    def _ask(self, question: Callable[[KeyringBackend], T], *, length: int = 0) -> T:
        """Ask the backend, for a limited time, and translate what it raises.

        Args:
            question: called with the backend, in another thread.
            length: characters to be stored, for the error's text.
        """
        if self._unanswered is not None and not self._unanswered.done():
            raise refused("", "it has not answered an earlier question yet")

        def work() -> T:
            if self._ring is None:
                self._ring = choose_backend(self._environ)
            return question(self._ring)

        answer = in_background(work)
        try:
            return answer.result(self._limit_s)
        except TimeoutError:
            self._unanswered = answer
            raise self._silent() from None
        except _backend_errors() as error:
            raise _told(error, length) from None

    def _silent(self) -> NotUsableHere:
        return NotUsableHere(
            "the keyring does not answer",
            expected=f"an answer within {self._limit_s:g} s",
            found="it is locked or waits for somebody (over SSH its window cannot be seen)",
            next_step=f"Unlock it and try again. {OTHER_WAYS}",
        )


def _told(error: BaseException, length: int) -> NotUsableHere:
    """What the backend raised, as one of ours."""
    said = " ".join(redact(str(error)).split()) or "no explanation"
    found = f"{type(error).__name__}: {said}"
    if length:
        return NotUsableHere(
            f"the keyring refuses to store a secret of {length:,} characters",
            expected="room for it (Windows keeps at most 1,280 characters)",
            found=found,
            next_step=OTHER_WAYS,
        )
    return NotUsableHere(
        "the keyring cannot be used",
        expected="an unlocked keyring",
        found=found,
        next_step=f"Unlock it and try again. {OTHER_WAYS}",
    )


def _backend_errors() -> tuple[type[BaseException], ...]:
    """What backends raise when they cannot do what they are asked."""
    loaded = [(sys.modules.get(module), name) for module, name in _FOREIGN_ERRORS]
    foreign = [getattr(module, name, None) for module, name in loaded if module is not None]
    keyring_errors = sys.modules.get("keyring.errors")
    own = [keyring_errors.KeyringError] if keyring_errors is not None else []
    kinds = [kind for kind in foreign if isinstance(kind, type)]
    return (*own, *kinds, EOFError, OSError, RuntimeError)
