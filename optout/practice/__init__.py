"""What practice sites share: a loopback server, accounts with conditions, sessions, counting."""
