"""Which third-party flows the user has accepted, and as what: place, hosts and hash."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from optout.errors import OptoutError
from optout.home import private_file

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from optout.flow.flow import Flow
    from optout.flow.folder import FlowFolder
    from optout.home import Home

_FILE = "accepted-flows.json"


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """One flow as it was when the user accepted it.

    Attributes:
        name: the platform's.
        origin: the one that was shown.
        hosts: the others that were shown.
        digest: over all its files.
        files: the hash of each, to be able to say later what has changed.
        at: when, in ISO 8601, UTC.
    """

    name: str
    origin: str
    hosts: tuple[str, ...]
    digest: str
    files: dict[str, str]
    at: str

    def differs(self, flow: Flow) -> str:
        """What the flow says of itself, once it runs, that was not what was shown; empty for nothing."""
        hidden = [host for host in (*flow.hosts, *flow.sign_in.hosts) if host not in self.hosts]
        for what, says, shown in (
            ("name", flow.name, self.name),
            ("origin", flow.origin, self.origin),
            ("hosts", hidden, []),
        ):
            if says != shown:
                return f"it names the {what} {says}, which its source did not show when it was accepted"
        return ""

    def changed(self, found: FlowFolder) -> list[str]:
        """The files that are not as they were, or were not there before, or are no longer there.

        Their names are for people to read: what a terminal would obey is spelled out.
        """
        now = found.hashes
        names = (name for name in {*now, *self.files} if now.get(name) != self.files.get(name))
        return sorted(map(spelled_out, names))


def spelled_out(text: str) -> str:
    """A stranger's text as it can be shown: in ASCII, so that nothing hides and nothing looks alike."""
    return ascii(text)[1:-1]


class TrustBook:
    """What the user has accepted, by the place it was found at. One place is accepted as one hash.

    Args:
        file: where that is kept.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    @classmethod
    def of(cls, home: Home) -> TrustBook:
        """The one of an installation."""
        return cls(home.data / _FILE)

    def entries(self) -> dict[str, Accepted]:
        """Everything that was accepted, by place.

        Raises:
            OptoutError: the file is not what was written to it.
        """
        try:
            stored = json.loads(self.file.read_bytes())
            return {
                where: Accepted(**{**facts, "hosts": tuple(facts["hosts"])})
                for where, facts in stored.items()
            }
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError, KeyError):
            raise OptoutError(
                f"the list of accepted flows cannot be read: {self.file}",
                next_step="Delete it, and accept the flows again: optout flow trust",
            ) from None

    def entry(self, found: FlowFolder) -> Accepted | None:
        """What was accepted at this place, whether or not it is what is there now."""
        return self.entries().get(found.where)

    def accept(self, found: FlowFolder, at: datetime) -> Accepted:
        """Accept what is there now, in place of what may have been accepted there before.

        Raises:
            SyntaxError: it is no Python.
            OSError: it cannot be kept.
        """
        says = found.states()
        made = Accepted(
            name=says.name,
            origin=says.origin,
            hosts=says.hosts,
            digest=found.digest,
            files=found.hashes,
            at=at.isoformat(timespec="seconds"),
        )
        self._keep({**self.entries(), found.where: made})
        return made

    def withdraw(self, where: str) -> bool:
        """Accept nothing at this place any more; whether anything was."""
        entries = self.entries()
        was = entries.pop(where, None)
        if was:
            self._keep(entries)
        return was is not None

    def _keep(self, entries: dict[str, Accepted]) -> None:
        text = json.dumps({where: asdict(entry) for where, entry in entries.items()}, indent=1)
        with private_file(self.file) as out:
            out.write(text.encode())
