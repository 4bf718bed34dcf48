"""Telling people what a run has found: one message per run, by whatever way they chose."""
