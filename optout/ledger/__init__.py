"""The ledger: accounts, visits and outcomes in a database, SQLite unless told otherwise."""
