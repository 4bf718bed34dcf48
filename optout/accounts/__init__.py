"""Accounts: logins, secrets and where they come from, sealed browser sessions."""
