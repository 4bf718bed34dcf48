"""What machines that share a ledger have in common: whose keys sign evidence, and one salt for names."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from optout.ledger.shared_tables import evidence_keys, shared_facts

if TYPE_CHECKING:
    from datetime import datetime

    from optout.ledger.ledger import Ledger

_c = evidence_keys.c
_SALT = "salt"


def note_key(ledger: Ledger, key: str, *, at: datetime) -> bool:
    """Let everybody know the public key that this machine signs with.

    Args:
        ledger: where.
        key: a line of OpenSSH's.
        at: now, with its zone.

    Returns:
        Whether it is new.

    Raises:
        LedgerProblem: the ledger refused.
    """
    facts = {"key": key, "host": platform.node(), "first_seen_at": at}
    # Workers of one installation share a key, and may come in at the same moment.
    known = select(_c.key).where(_c.key == key)
    with ledger.write() as connection:
        if not ledger.is_sqlite:
            connection.exec_driver_sql("LOCK TABLE evidence_keys IN EXCLUSIVE MODE")
        if connection.scalar(known) is not None:
            return False
        connection.execute(insert(evidence_keys).values(facts))
        return True


def noted_keys(ledger: Ledger) -> list[str]:
    """The public keys of all machines, as lines of OpenSSH's.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        return list(connection.scalars(select(_c.key).order_by(_c.first_seen_at, _c.key)))


def shared_salt(ledger: Ledger, own: bytes) -> bytes:
    """The salt behind the names of folders and people in evidence, alike on every machine.

    Whoever can read it here can read the logins themselves, which are in the ledger too.

    Args:
        ledger: where; a file of this machine has none, because nobody shares it.
        own: this machine's, which becomes everybody's where there is none yet.

    Raises:
        LedgerProblem: the ledger refused.
    """
    if ledger.is_sqlite:
        return own
    known = select(shared_facts.c.value).where(shared_facts.c.name == _SALT)
    with ledger.read() as connection:
        found = connection.scalar(known)
    if found is None:
        with ledger.write() as connection:
            connection.exec_driver_sql("LOCK TABLE shared_facts IN EXCLUSIVE MODE")
            found = connection.scalar(known)  # another machine may have been quicker
            if found is None:
                found = own.hex()
                connection.execute(insert(shared_facts).values(name=_SALT, value=found))
    return bytes.fromhex(found)
