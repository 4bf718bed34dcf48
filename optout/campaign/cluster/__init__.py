"""Many machines: tasks in a ledger on PostgreSQL, brought to workers by Procrastinate."""
