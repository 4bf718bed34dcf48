"""Signed-in browser sessions, sealed on disk, one file per account and origin."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from optout.accounts.browser_state import Binding, only_hosts
from optout.accounts.keys import KeySource, NoKey, derived_key
from optout.accounts.logins import account_folder, keyed_name, masked
from optout.accounts.sealing import SealBroken, open_sealed, seal, take_apart
from optout.errors import SecretUnavailable
from optout.home import write_private
from optout.model import Why

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from optout.accounts.sealing import Sealed
    from optout.model import Account

KEPT_FOR = timedelta(days=30)
"""How long a session is kept. A stolen disk should not hold sessions from long ago."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignedInProof:
    """Who was seen signed in, where and when.

    Saving asks for one, so that a dead session cannot overwrite a good one: whoever saves has read
    a name from a page of that origin first.

    Attributes:
        seen_as: the person as the page named them, not empty.
        origin: scheme, host and port of that page.
        at: when it was read, UTC.

    Raises:
        ValueError: nobody was seen.
    """

    seen_as: str
    origin: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.seen_as.strip() or not self.origin:
            raise ValueError("a session is saved only after somebody was seen signed in")


@dataclass(frozen=True)
class SessionNote:
    """What is written in clear on a sealed session: nothing about whose it is.

    Attributes:
        origin: scheme, host and port it belongs to.
        binding: the browser it belongs to.
        saved_at: when somebody was last seen signed in with it, UTC.
    """

    origin: str
    binding: Binding
    saved_at: datetime

    def fits(self, binding: Binding) -> bool:
        """Whether the platform would see the same browser again."""
        return self.binding == binding


@dataclass(frozen=True)
class StoredSession(SessionNote):
    """An opened session.

    Attributes:
        seen_as: the person who was seen signed in when it was saved.
        state: what Playwright takes as `storage_state`.
    """

    seen_as: str
    state: dict[str, Any] = field(repr=False)


class SessionStore:
    """The folder of sealed sessions.

    Args:
        folder: where they are.
        keys: where the key that seals them comes from.
        salt: the key behind folder names, from `installation_salt`.
        now: the clock, UTC.
    """

    def __init__(
        self,
        folder: Path,
        keys: KeySource,
        salt: bytes,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._folder = folder
        self._keys = keys
        self._salt = salt
        self._now = now

    def save(
        self,
        account: Account,
        proof: SignedInProof,
        binding: Binding,
        state: Mapping[str, Any],
        *,
        hosts: Sequence[str],
    ) -> NoKey | None:
        """Seal a session in place of the one there is.

        Args:
            account: whose.
            proof: that somebody was seen signed in; its origin is the session's.
            binding: the browser it was made in.
            state: what Playwright takes as `storage_state`.
            hosts: only cookies and storage of these hosts are kept.

        Returns:
            None when it is kept, else why it is not.

        Raises:
            OSError: the disk is full or the folder is not writable.
        """
        key = self._keys.key()
        if isinstance(key, NoKey):
            return key
        header = {
            "origin": proof.origin,
            "binding": asdict(binding),
            "saved_at": proof.at.astimezone(UTC).isoformat(),
        }
        content = {"seen_as": proof.seen_as, "state": only_hosts(state, hosts)}
        sealed = seal(
            _account_key(key, account),
            json.dumps(content).encode(),
            header=json.dumps(header).encode(),
            owner=_owner(account, proof.origin),
        )
        write_private(self._path(account, proof.origin), sealed)
        return None

    def load(self, account: Account, origin: str) -> StoredSession | None:
        """Open a session; one that is older than 30 days is removed instead.

        Returns:
            The session, or None where there is none (any more).

        Raises:
            SecretUnavailable: there is one, but it does not open.
        """
        file = self._read(account, origin)
        if file is None:
            return None
        sealed, note = file
        age = self._now() - note.saved_at
        if age > KEPT_FOR:
            self.remove(account, origin)
            whose = f"{account.platform}:{masked(account.login)}"
            _log.info("the session for %s is %d days old and was removed", whose, age.days)
            return None
        key = self._keys.key()
        if isinstance(key, NoKey):
            raise _unopened(account, key.reason)
        try:
            content = open_sealed(_account_key(key, account), sealed, owner=_owner(account, origin))
        except SealBroken as error:
            raise _unopened(account, str(error)) from None
        opened = json.loads(content)
        return StoredSession(
            note.origin, note.binding, note.saved_at, opened["seen_as"], opened["state"]
        )

    def describe(self, account: Account, origin: str) -> SessionNote | None:
        """What is written on a session, without opening it: not proven to be unchanged.

        Raises:
            SecretUnavailable: the file is not a sealed session.
        """
        file = self._read(account, origin)
        return None if file is None else file[1]

    def remove(self, account: Account, origin: str | None = None) -> bool:
        """Delete an account's session for one origin, or for all of them.

        Returns:
            Whether there was one.
        """
        folder = self._folder / account_folder(account, self._salt)
        paths = [self._path(account, origin)] if origin else list(folder.glob("*.session"))
        there = [path for path in paths if path.exists()]
        for path in there:
            path.unlink(missing_ok=True)
        return bool(there)

    def _read(self, account: Account, origin: str) -> tuple[Sealed, SessionNote] | None:
        try:
            file = self._path(account, origin).read_bytes()
        except FileNotFoundError:
            return None
        try:
            sealed = take_apart(file)
            return sealed, _note(sealed.header)
        except SealBroken as error:
            raise _unopened(account, str(error)) from None
        except (ValueError, KeyError, TypeError):
            raise _unopened(account, "its header cannot be read") from None

    def _path(self, account: Account, origin: str) -> Path:
        name = f"{keyed_name(origin, self._salt)}.session"
        return self._folder / account_folder(account, self._salt) / name


def _note(header: bytes) -> SessionNote:
    """The header, read; `ValueError`, `KeyError` or `TypeError` where it is not one."""
    fields = json.loads(header)
    saved_at = datetime.fromisoformat(fields["saved_at"])
    if saved_at.tzinfo is None:
        raise ValueError("a time without its zone")
    return SessionNote(str(fields["origin"]), Binding(**fields["binding"]), saved_at)


def _account_key(key: bytes, account: Account) -> bytes:
    return derived_key(key, "session", account.platform, account.login)


def _owner(account: Account, origin: str) -> bytes:
    """What a session is tied to beyond its header, so that a renamed file does not open."""
    return json.dumps([account.platform, account.login, origin]).encode()


def _unopened(account: Account, found: str) -> SecretUnavailable:
    return SecretUnavailable(
        f"the stored session for {account} does not open",
        step="session",
        found=found,
        next_step=f"Sign in again: optout sign-in {account.platform} {account.login}",
        why=Why.SIGNED_OUT,
    )
