# ruff: noqa: ARG002 - the signatures are keyring's
from __future__ import annotations

import subprocess
import sys
import threading
import time
import warnings
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from keyring import core
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from optout.accounts.keyring_store import (
    Kept,
    KeyringStore,
    NotUsable,
    Usable,
    secret_name,
)
from optout.accounts.secret import Secret
from optout.errors import NotUsableHere, OptoutError, SecretUnavailable
from optout.model import Account, ExitBit

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = secret_name(Account("linkedin", "ada@example.org"), Kept.PASSWORD)
LIMIT_S = 0.5
TEXT = "correct horse battery"


class Backend(KeyringBackend):
    """Works; the hostile ones below are made from it. Never the one keyring would pick itself."""

    priority: ClassVar[float] = -1
    kept: ClassVar[dict[str, str]] = {}

    def __init__(self) -> None:
        """Keyring's own reads properties from the environment, which these do not have."""

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(service)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service]


class Locked(Backend):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")


class Hanging(Backend):
    release: ClassVar[threading.Event] = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.release.wait(60)
        return None


class HangingOnWrite(Backend):
    release: ClassVar[threading.Event] = threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        self.release.wait(60)


class TooSmall(Backend):
    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password) > 1280:
            raise OSError(1783, "The stub received bad data")
        super().set_password(service, username, password)


class AsksOnStdin(Backend):
    def get_password(self, service: str, username: str) -> str | None:
        raise EOFError


class Forgetful(Backend):
    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Truncating(Backend):
    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:8])


class Undeletable(Backend):
    def delete_password(self, service: str, username: str) -> None:
        pass


class Talkative(Backend):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot store {password!r}")


class Plaintext(Backend):
    """Stands where `keyrings.alt` puts its own."""

    __module__ = "keyrings.alt.file"


def store(backend: type[KeyringBackend], limit_s: float = LIMIT_S) -> KeyringStore:
    """A store that is told by name to use `backend`, as a user would."""
    name = f"{backend.__module__}.{backend.__qualname__}"
    return KeyringStore(limit_s=limit_s, environ={"OPTOUT_KEYRING_BACKEND": name})


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    Backend.kept.clear()
    yield
    Hanging.release.set()
    HangingOnWrite.release.set()
    Hanging.release = threading.Event()
    HangingOnWrite.release = threading.Event()


@pytest.fixture
def secret() -> Iterator[Secret]:
    secret = Secret(TEXT)
    yield secret
    secret.forget()


def test_a_backend_that_the_user_names_is_used(secret: Secret) -> None:
    ring = store(Backend)
    ring.set(NAME, secret)
    assert ring.get(NAME) == secret
    assert ring.delete(NAME)
    assert ring.get(NAME) is None


def test_each_secret_has_a_service_name_of_its_own() -> None:
    assert NAME == "optout:linkedin:ada@example.org:password"


def test_a_secret_that_is_not_there_is_none_and_deleting_it_says_so() -> None:
    assert store(Backend).get(NAME) is None
    assert not store(Backend).delete(NAME)


@pytest.mark.parametrize(
    ("backend", "kind", "what", "found"),
    [
        (Locked, NotUsableHere, "cannot be used", "KeyringLocked: Failed to unlock"),
        (Hanging, NotUsableHere, "does not answer", "within 0.5 s"),
        (HangingOnWrite, NotUsableHere, "does not answer", "within 0.5 s"),
        (AsksOnStdin, NotUsableHere, "cannot be used", "EOFError"),
        (Talkative, NotUsableHere, "refuses to store", "cannot store"),
        (Forgetful, SecretUnavailable, "did not keep the secret", "something else or nothing"),
        (Truncating, SecretUnavailable, "did not keep the secret", "something else or nothing"),
    ],
)
def test_a_hostile_backend_is_named_in_time_and_nothing_is_stored(
    backend: type[Backend], kind: type[OptoutError], what: str, found: str, secret: Secret
) -> None:
    started = time.monotonic()
    with pytest.raises(kind) as refusal:
        store(backend).set(NAME, secret)
    told = str(refusal.value)
    assert time.monotonic() - started < 3
    assert what in told
    assert found in told
    assert "--password-command" in told
    assert "--mode attended" in told
    assert TEXT not in told
    assert refusal.value.exit_bit is ExitBit.NEEDS_PERSON
    assert refusal.value.__cause__ is None
    assert not Backend.kept


def test_a_backend_that_is_too_small_is_told_apart_from_one_that_is_locked() -> None:
    long = Secret("x" * 1281)
    with pytest.raises(NotUsableHere, match="refuses to store a secret of 1,281 characters"):
        store(TooSmall).set(NAME, long)
    long.forget()
    assert not Backend.kept


def test_a_secret_that_cannot_be_removed_is_reported(secret: Secret) -> None:
    ring = store(Undeletable)
    ring.set(NAME, secret)
    with pytest.raises(SecretUnavailable, match="still has the secret"):
        ring.delete(NAME)


def test_a_keyring_that_hangs_is_not_waited_for_twice() -> None:
    ring = store(Hanging)
    with pytest.raises(NotUsableHere):
        ring.get(NAME)
    started = time.monotonic()
    with pytest.raises(NotUsableHere, match="not answered an earlier question yet"):
        ring.get(NAME)
    assert time.monotonic() - started < LIMIT_S / 2


def test_a_keyring_that_was_unlocked_meanwhile_is_asked_again() -> None:
    ring = store(Hanging)
    with pytest.raises(NotUsableHere):
        ring.get(NAME)
    Hanging.release.set()
    deadline = time.monotonic() + 5
    while isinstance(ring.check(), NotUsable):
        assert time.monotonic() < deadline
    assert ring.get(NAME) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("keyring.backends.fail.Keyring", "no keyring runs here"),
        ("keyring.backends.null.Keyring", "it stores nothing and says that it did"),
        ("no.such.module.Keyring", "cannot be loaded"),
        ("keyring.backends.null.NoSuchClass", "cannot be loaded"),
        ("nonsense", "cannot be loaded"),
        ("keyring.backends.chainer.ChainerBackend", "it has no members"),
    ],
)
def test_a_backend_that_keeps_nothing_is_refused_even_when_it_is_named(
    name: str, reason: str, secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that the chainer finds no members, whatever this machine has.
    monkeypatch.setattr("keyring.backend.get_all_keyring", list)
    ring = KeyringStore(environ={"OPTOUT_KEYRING_BACKEND": name})
    with pytest.raises(NotUsableHere, match="no keyring can be used here") as refusal:
        ring.set(NAME, secret)
    assert reason in str(refusal.value)
    assert "--password-command" in str(refusal.value)


def settled_on(backend: object, monkeypatch: pytest.MonkeyPatch) -> KeyringStore:
    """A store in a process where keyring itself has settled on `backend`."""
    monkeypatch.setattr(core, "_keyring_backend", backend)
    return KeyringStore(limit_s=LIMIT_S, environ={})


def test_a_plaintext_backend_is_refused(secret: Secret, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotUsableHere, match="file that whoever has the disk can read"):
        settled_on(Plaintext(), monkeypatch).set(NAME, secret)
    assert not Backend.kept


def test_an_unknown_backend_is_refused_and_how_to_allow_it_is_said(
    secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = f"set OPTOUT_KEYRING_BACKEND={Backend.__module__}.Backend"
    with pytest.raises(NotUsableHere, match=named):
        settled_on(Backend(), monkeypatch).set(NAME, secret)
    assert not Backend.kept


class SystemStore(Backend):
    """Stands where a system's own store would."""

    __module__ = "keyring.backends.SecretService"
    __qualname__ = "Keyring"


def chain(*members: KeyringBackend) -> Any:
    """Keyring's chain of several backends, as it looks to its user."""
    kind = type("ChainerBackend", (), {"__module__": "keyring.backends.chainer"})
    made: Any = kind()
    made.backends = list(members)
    return made


def test_of_a_chain_only_the_trusted_member_gets_the_secret(
    secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = settled_on(chain(Plaintext(), SystemStore()), monkeypatch)
    ring.set(NAME, secret)
    assert ring.check() == Usable("SecretService")


def test_a_chain_without_a_trusted_member_is_refused(
    secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotUsableHere, match=r"keyrings\.alt\.file\.Plaintext"):
        settled_on(chain(Plaintext(), Backend()), monkeypatch).set(NAME, secret)
    assert not Backend.kept


def test_check_says_usable_and_what() -> None:
    assert str(store(Backend).check()) == f"usable: {Backend.__module__}.Backend"


def test_check_says_why_not_and_what_to_do() -> None:
    told = str(store(Locked).check())
    assert told.startswith("not usable here because KeyringLocked: Failed to unlock")
    assert "Unlock it and try again" in told


def test_importing_the_store_does_not_import_keyring() -> None:
    script = "import sys, optout.accounts.keyring_store; print('keyring' in sys.modules)"
    with warnings.catch_warnings():
        ended = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
    assert ended.stdout == "False\n"
