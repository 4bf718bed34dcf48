"""One reading of a bundle: what was read, how its page had arrived, and the picture of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from optout.model import Observation


@dataclass(frozen=True)
class Connection:
    """How a page arrived.

    Attributes:
        at: when its answer began, by our clock, UTC.
        server_date: the same by the server's clock, as it sent it; empty where it sent none.
        host: name and port of the server, as in the address.
        server: address and port the browser was connected to; empty where it was not encrypted.
        tls: protocol, subject, issuer and validity of the certificate; empty likewise.
    """

    at: datetime
    server_date: str = ""
    host: str = ""
    server: str = ""
    tls: Mapping[str, str] = field(default_factory=dict)

    @property
    def ahead_s(self) -> float | None:
        """By how many seconds our clock is ahead of the server's; None where that cannot be told."""
        try:
            there = parsedate_to_datetime(self.server_date)
        except ValueError:
            return None
        return (self.at - there).total_seconds() if there.tzinfo else None

    def as_json(self) -> dict[str, Any]:
        """What is known of it, as plain JSON data."""
        ahead = self.ahead_s
        return {
            "arrived_at": moment(self.at),
            "server_date": self.server_date,
            **({} if ahead is None else {"clock_ahead_s": round(ahead)}),
            **({"server": self.server} if self.server else {}),
            **({"tls": dict(self.tls)} if self.tls else {}),
        }


@dataclass(frozen=True)
class Step:
    """One reading and its picture.

    Attributes:
        observation: what was read.
        at: when, UTC.
        connection: how the page arrived; None where none has.
        seen_as: who the page named as signed in.
        picture: the file that shows it; empty where there is none.
        elapsed_s: seconds since the visit to this target began, by a clock that nobody can set.
    """

    observation: Observation
    at: datetime
    connection: Connection | None = None
    seen_as: str = ""
    picture: str = ""
    elapsed_s: float = 0.0


def moment(at: datetime) -> str:
    """A time as records write it."""
    # Not to the microsecond: six digits in a row are what a one-time code looks like.
    return at.isoformat(timespec="milliseconds")
