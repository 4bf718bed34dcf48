"""Checks that run by themselves: when, and how each system is told."""
