"""The public halves of the keys that evidence was ever signed with, and who vouches for whom."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.errors import UsageProblem
from optout.evidence.signed import Kind
from optout.evidence.signing_key import PublicKey
from optout.evidence.sshsig import NotSigned
from optout.home import write_private
from optout.ledger.chain import MALFORMED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from optout.evidence.signing_key import SigningKey

SUCCESSION = Kind("succession")
_OWN, _COUNTER, _WORKER = "evidence", "countersigner", "worker"


@dataclass(frozen=True)
class Succession:
    """A key that took over from another, or signs beside an organisation's.

    Attributes:
        old: the key until then, or the organisation's.
        new: the key from then on.
        at: when, UTC, in ISO form.
        by_old: whether the old key says so; not where it was lost.
        by_new: whether the new key says so.
    """

    old: PublicKey
    new: PublicKey
    at: str
    by_old: bool
    by_new: bool


class KeyFolder:
    """The folder `keys`: nothing in it is secret.

    Args:
        path: where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def own(self) -> list[PublicKey]:
        """This installation's keys."""
        return self._keys(_OWN)

    @property
    def counter(self) -> list[PublicKey]:
        """The keys of organisations that sign as well."""
        return self._keys(_COUNTER)

    @property
    def workers(self) -> list[PublicKey]:
        """The keys of other machines that make evidence for the same ledger."""
        return self._keys(_WORKER)

    def add(self, key: PublicKey, *, counter: bool = False, worker: bool = False) -> None:
        """Keep a key, in the forms that `ssh-keygen` and `openssl` read.

        Args:
            key: its public half.
            counter: it is an organisation's, which signs as well.
            worker: it is another machine's.

        Raises:
            OSError: the folder is not writable.
        """
        stem = f"{_COUNTER if counter else _WORKER if worker else _OWN}-{key.name}"
        for suffix, content in ((".pem", key.pem), (".pub", f"{key.openssh}\n".encode())):
            file = self.path / f"{stem}{suffix}"
            if not file.exists():
                write_private(file, content)

    def add_succession(self, old: SigningKey | PublicKey, new: SigningKey, at: str) -> None:
        """Keep that `old` vouches for `new`; without its signing half, the old key cannot say so.

        Raises:
            OSError: the folder is not writable.
        """
        public = old if isinstance(old, PublicKey) else old.public
        content = SUCCESSION.content({"old": public.openssh, "new": new.public.openssh, "at": at})
        stem = f"{public.name}-{new.public.name}.succession.json"
        if not isinstance(old, PublicKey):
            write_private(self.path / f"{stem}.old.sig", SUCCESSION.signature(content, old))
        write_private(self.path / f"{stem}.new.sig", SUCCESSION.signature(content, new))
        write_private(self.path / stem, content)

    @property
    def successions(self) -> list[Succession]:
        """Who took over from whom; what is not signed by either is left out."""
        found = (self._succession(path) for path in sorted(self.path.glob("*.succession.json")))
        return [each for each in found if each is not None]

    def problems(self) -> list[str]:
        """What is not as it was written; empty where all is well."""
        found = []
        for path in sorted(self.path.glob("*.pub")):
            try:
                key = PublicKey.read(path.read_bytes())
            except UsageProblem:
                found.append(f"{path.name} is not a key any more")
                continue
            pem = path.with_suffix(".pem")
            same = path.read_bytes() == f"{key.openssh}\n".encode()
            if not same or not path.stem.endswith(f"-{key.name}"):
                found.append(f"{path.name} was changed")
            elif not pem.exists() or pem.read_bytes() != key.pem:
                found.append(f"{pem.name} was changed or is missing")
        for path in sorted(self.path.glob("*.succession.json")):
            each = self._succession(path)
            if each is None or not each.by_new:
                found.append(f"{path.name} was changed")
        return found

    @property
    def latest(self) -> PublicKey | None:
        """The own key that no other took over from."""
        gone = {each.old for each in self.successions}
        return next((key for key in self.own if key not in gone), None)

    def _succession(self, path: Path) -> Succession | None:
        content = path.read_bytes()
        signers = set()
        facts: dict[str, str] = {}
        for whose in ("old", "new"):
            try:
                signature = path.with_name(f"{path.name}.{whose}.sig").read_bytes()
                facts, signer = SUCCESSION.opened(content, signature)
            except (FileNotFoundError, NotSigned):
                continue
            signers.add(signer)
        try:
            old, new = (PublicKey.read(facts[whose].encode()) for whose in ("old", "new"))
            return Succession(old, new, facts["at"], old in signers, new in signers)
        except (*MALFORMED, UsageProblem):
            return None

    def _keys(self, role: str) -> list[PublicKey]:
        return [PublicKey.read(path.read_bytes()) for path in sorted(self.path.glob(f"{role}-*.pub"))]


def family(trusted: Iterable[PublicKey], successions: Iterable[Succession]) -> set[PublicKey]:
    """The trusted keys, those they handed over to, and those they say they took over from."""
    endorsed: dict[PublicKey, set[PublicKey]] = {}
    for each in successions:
        if each.by_old:
            endorsed.setdefault(each.old, set()).add(each.new)
        if each.by_new:
            endorsed.setdefault(each.new, set()).add(each.old)
    known = set(trusted)
    waiting = deque(known)
    while waiting:
        fresh = endorsed.get(waiting.popleft(), set()) - known
        known |= fresh
        waiting.extend(fresh)
    return known
