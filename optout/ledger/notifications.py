"""Whom to tell, what to tell them, and what has reached them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from optout.ledger.schedule_tables import channels, deliveries, messages
from optout.model import SecretSource

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from optout.ledger.ledger import Ledger

_c, _m, _d = channels.c, messages.c, deliveries.c


@dataclass(frozen=True)
class Channel:
    """A way to tell somebody.

    Attributes:
        name: what it is called here.
        service: the first word of its URL: `mailto`, `slack`, `json`.
        url: where the URL comes from; it is a secret.
        added_at: UTC.
    """

    name: str
    service: str
    url: SecretSource
    added_at: datetime


@dataclass(frozen=True)
class Delivery:
    """A message on its way to one channel.

    Attributes:
        message: the message's number.
        channel: the channel's name.
        title: the message's first line.
        text: the rest of it.
        attempts: how often it was tried.
        problem: why the last attempt failed; empty where there was none.
    """

    message: int
    channel: str
    title: str
    text: str
    attempts: int = 0
    problem: str = ""


def add_channel(ledger: Ledger, channel: Channel) -> None:
    """Remember a channel in place of an earlier one of its name.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    facts = {
        "name": channel.name,
        "service": channel.service,
        "source": channel.url.kind,
        "command": list(channel.url.command) or None,
        "added_at": channel.added_at,
    }
    with ledger.write() as connection:
        connection.execute(delete(channels).where(_c.name == channel.name))
        connection.execute(insert(channels).values(facts))


def list_channels(ledger: Ledger) -> list[Channel]:
    """All channels, by name.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        return [
            Channel(
                row.name, row.service, SecretSource(row.source, tuple(row.command or ())), row.added_at
            )
            for row in connection.execute(select(channels).order_by(_c.name))
        ]


def remove_channel(ledger: Ledger, name: str) -> bool:
    """Forget a channel, and whatever still waits for it.

    Returns:
        Whether there was one.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    with ledger.write() as connection:
        connection.execute(delete(deliveries).where(_d.channel == name, _d.delivered_at.is_(None)))
        return connection.execute(delete(channels).where(_c.name == name)).rowcount > 0


def post_message(ledger: Ledger, run: str, title: str, text: str, at: datetime) -> None:
    """Put a run's message on its way to every channel; a second one of the same run is left out.

    Raises:
        LedgerProblem: the ledger refused; nothing was posted.
    """
    with ledger.write() as connection:
        if connection.scalar(select(_m.id).where(_m.run == run)) is not None:
            return
        facts = {"run": run, "title": title, "text": text, "made_at": at}
        (number,) = connection.execute(insert(messages).values(facts)).inserted_primary_key or (0,)
        for name in connection.scalars(select(_c.name)).all():
            waiting = {"message": number, "channel": name, "attempts": 0, "problem": ""}
            connection.execute(insert(deliveries).values(waiting))


def waiting(ledger: Ledger) -> list[Delivery]:
    """What has not reached its channel yet, the oldest message first.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    still = (
        select(deliveries, _m.title, _m.text)
        .join_from(deliveries, messages)
        .where(_d.delivered_at.is_(None))
        .order_by(_d.message, _d.channel)
    )
    with ledger.read() as connection:
        return [_delivery(row) for row in connection.execute(still)]


def note_attempt(ledger: Ledger, delivery: Delivery, *, at: datetime, problem: str) -> None:
    """Note that a delivery was tried.

    Args:
        ledger: where.
        delivery: which.
        at: now, with its zone.
        problem: why it failed, without any secret; empty where it arrived.

    Raises:
        LedgerProblem: the ledger refused.
    """
    facts = {
        "attempts": _d.attempts + 1,
        "tried_at": at,
        "delivered_at": None if problem else at,
        "problem": problem,
    }
    which = (_d.message == delivery.message, _d.channel == delivery.channel)
    with ledger.write() as connection:
        connection.execute(update(deliveries).where(*which).values(facts))


def _delivery(row: Row[*tuple[object, ...]]) -> Delivery:
    return Delivery(row.message, row.channel, row.title, row.text, row.attempts, row.problem)
