"""Alembic's environment and the revisions of the ledger.

A new revision is a file `versions/r0002_....py` that names the one before it; `HEAD` in
`optout/ledger/schema.py` follows. The tests compare the migrated schema with the declared one.
"""
