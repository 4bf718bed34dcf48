"""This installation's signing key: made at first use, kept where secrets are kept."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from optout.accounts.keys import COMMAND, NoKey, derived_key
from optout.accounts.sealing import SealBroken, open_sealed, seal, take_apart
from optout.accounts.secret import Secret
from optout.errors import NotUsableHere, SecretUnavailable
from optout.evidence.key_folder import KeyFolder
from optout.evidence.seal import Seal
from optout.evidence.signing_key import SigningKey
from optout.home import write_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from optout.accounts.keyring_store import KeyringStore
    from optout.accounts.keys import KeySource

_OWN, _COUNTER = "optout:evidence:key", "optout:evidence:counter-key"
_NEW = "Make a new one, which the old one cannot vouch for: optout evidence key rotate --lost"


class _Store(Protocol):
    def get(self, name: str) -> Secret | None: ...

    def set(self, name: str, secret: Secret) -> None: ...


class SealedFiles:
    """Keys in files that open only with what the program in `OPTOUT_KEY_COMMAND` prints.

    Args:
        folder: where the files are.
        source: where the installation's key comes from.
    """

    def __init__(self, folder: Path, source: KeySource) -> None:
        self._folder = folder
        self._source = source

    def get(self, name: str) -> Secret | None:
        """The key under this name, or None.

        Raises:
            SecretUnavailable: the program failed, or the file opens with another key only.
        """
        path = self._path(name)
        if not path.exists():
            return None
        try:
            content = open_sealed(self._key(), take_apart(path.read_bytes()), owner=name.encode())
        except SealBroken as broken:
            raise SecretUnavailable(
                f"the signing key in {path} does not open",
                found=str(broken),
                next_step=f"Let {COMMAND} print the key of before. {_NEW}",
            ) from None
        return Secret(content.decode())

    def set(self, name: str, secret: Secret) -> None:
        """Keep a key.

        Raises:
            SecretUnavailable: the program failed.
            OSError: the folder is not writable.
        """
        content = secret.reveal().encode()
        write_private(self._path(name), seal(self._key(), content, header=b"", owner=name.encode()))

    def _path(self, name: str) -> Path:
        return self._folder / f"{name.rpartition(':')[2]}.sealed"

    def _key(self) -> bytes:
        key = self._source.key()
        if isinstance(key, NoKey):
            raise SecretUnavailable(key.reason, next_step=key.next_step)
        return derived_key(key, "evidence")


@dataclass
class OwnKeys:
    """The keys that this installation signs with, loaded once.

    Attributes:
        folder: the public halves.
    """

    folder: KeyFolder
    _store: _Store
    _loaded: dict[str, SigningKey] = field(default_factory=dict)
    _told: bool = False

    @classmethod
    def of(
        cls,
        folder: Path,
        keyring: KeyringStore,
        source: KeySource,
        *,
        environ: Mapping[str, str] = os.environ,
    ) -> OwnKeys:
        """The keys of an installation.

        Args:
            folder: for the public halves.
            keyring: for the others, unless a program is named that prints a key.
            source: where that program's key comes from.
            environ: where `OPTOUT_KEY_COMMAND` is looked up.
        """
        store = SealedFiles(folder, source) if environ.get(COMMAND) else keyring
        return cls(KeyFolder(folder), store)

    def current(self) -> SigningKey | NoKey:
        """The key to sign with; made where there never was one.

        Raises:
            OSError: the public half cannot be written.
            UsageProblem: `OPTOUT_KEY_COMMAND` is not a command.
        """
        if _OWN not in self._loaded:
            try:
                self._loaded[_OWN] = self._kept(_OWN) or self._first()
            except (NotUsableHere, SecretUnavailable) as error:
                return _no_key(error)
        self.folder.add(self._loaded[_OWN].public)
        return self._loaded[_OWN]

    def counter(self) -> SigningKey | NoKey | None:
        """The organisation's key, if one was imported."""
        if not self.folder.counter:
            return None
        if _COUNTER not in self._loaded:
            try:
                kept = self._kept(_COUNTER)
            except (NotUsableHere, SecretUnavailable) as error:
                return _no_key(error)
            if kept is None:
                again = "Import it again: optout evidence key import KEYFILE"
                return NoKey("the organisation's key is not where keys are kept", again)
            self._loaded[_COUNTER] = kept
        return self._loaded[_COUNTER]

    def seals(self) -> tuple[tuple[Seal, ...], NoKey | None]:
        """What to seal bundles with, and what is missing where something is, the first time."""
        key, counter = self.current(), self.counter()
        missing = next((each for each in (key, counter) if isinstance(each, NoKey)), None)
        told, self._told = self._told, True
        second = counter if isinstance(counter, SigningKey) else None
        made = () if isinstance(key, NoKey) else (Seal(key, second),)
        return made, None if told else missing

    def rotate(self, *, lost: bool) -> tuple[str, SigningKey]:
        """Let a new key take over.

        Args:
            lost: the old one is gone, and the new one speaks for itself.

        Returns:
            The old key's fingerprint, empty where there was none, and the new key.

        Raises:
            SecretUnavailable: the old key cannot be had, or the new one cannot be kept.
            NotUsableHere: keys cannot be kept here.
            OSError: the folder of public keys is not writable.
        """
        old = None if lost else self.usable()
        new = SigningKey.make()
        gone = self.folder.latest if old is None else old.public
        if gone is not None:
            self.folder.add_succession(old or gone, new, _now())
        if isinstance(counter := self.counter(), SigningKey):
            self.folder.add_succession(counter, new, _now())
        self._keep(_OWN, new)
        self.folder.add(new.public)
        return (gone.fingerprint if gone else ""), new

    def usable(self) -> SigningKey:
        """The key to sign with.

        Raises:
            SecretUnavailable: there is none.
        """
        key = self.current()
        if isinstance(key, NoKey):
            raise SecretUnavailable(
                "there is no key to sign with", found=key.reason, next_step=key.next_step
            )
        return key

    def import_counter(self, key: SigningKey) -> None:
        """Let an organisation's key sign as well.

        Raises:
            SecretUnavailable: it cannot be kept.
            NotUsableHere: keys cannot be kept here.
            OSError: the folder of public keys is not writable.
        """
        own = self.usable()
        self._keep(_COUNTER, key)
        self.folder.add_succession(key, own, _now())
        self.folder.add(key.public, counter=True)

    def _first(self) -> SigningKey:
        if before := self.folder.own:
            names = ", ".join(key.fingerprint for key in before)
            raise SecretUnavailable(
                f"the signing key is not where keys are kept, but there was one ({names})",
                next_step=f"Bring back the keyring of before. {_NEW}",
            )
        made = SigningKey.make()
        self._keep(_OWN, made)
        # Of two first runs at once the last one's key stays, and both use it.
        return self._kept(_OWN) or made

    def _keep(self, name: str, key: SigningKey) -> None:
        self._store.set(name, Secret(key.text()))
        self._loaded[name] = key

    def _kept(self, name: str) -> SigningKey | None:
        kept = self._store.get(name)
        if kept is None:
            return None
        try:
            return SigningKey.of_text(kept.reveal())
        except ValueError:
            raise SecretUnavailable(
                "the signing key is damaged",
                expected=f"32 bytes in base64 under {name}",
                next_step=_NEW,
            ) from None


def _no_key(error: NotUsableHere | SecretUnavailable) -> NoKey:
    if isinstance(error, NotUsableHere):
        # What a keyring advises is about passwords, too.
        instead = f"Unlock the keyring, or let {COMMAND} name a program that prints a key"
        return NoKey(error.found or error.what, f"{instead}; what works here: optout doctor")
    return NoKey(error.found or error.what, error.next_step)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
