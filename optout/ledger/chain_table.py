"""The table of the evidence log, on the ledger's own metadata."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Named, Table, TypedColumns

from optout.ledger.schema import metadata


class _EntryColumns(TypedColumns):
    # Given by the chain and never by the database: a number that is skipped is a deleted entry.
    number: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    bundle: Named[str] = Column(index=True)
    # As it stands in the written log, so that both can be compared byte by byte.
    line: Named[str]


evidence_log = Table("evidence_log", metadata, _EntryColumns)
