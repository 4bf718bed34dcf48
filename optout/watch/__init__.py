"""Afterwards: what is due, what came back on, when to look again, and whom to tell."""
