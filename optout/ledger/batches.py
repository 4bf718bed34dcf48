"""Asking about many accounts at once without a query per account, and without too long a one."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, true

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import ColumnElement

    from optout.model import Account

AT_ONCE = 500
"""Logins per query: databases limit how many values one may have."""


def asked_for(
    accounts: Collection[Account] | None, platform: ColumnElement[Any], login: ColumnElement[Any]
) -> Iterable[ColumnElement[bool]]:
    """`in_batches`, or where no accounts are named the one condition that holds for all."""
    return (true(),) if accounts is None else in_batches(accounts, platform, login)


def in_batches(
    accounts: Iterable[Account], platform: ColumnElement[Any], login: ColumnElement[Any]
) -> Iterator[ColumnElement[bool]]:
    """Conditions that together hold for these accounts, each for one platform and a few logins.

    Args:
        accounts: which.
        platform: the column that holds their platform.
        login: the column that holds their login.
    """
    for name, there in itertools.groupby(sorted(set(accounts)), key=lambda each: each.platform):
        while some := [account.login for account in itertools.islice(there, AT_ONCE)]:
            yield and_(platform == name, login.in_(some))
