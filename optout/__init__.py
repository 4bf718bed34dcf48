"""Opt your own accounts out of AI training, and keep the proof."""

__version__ = "0.1.0"
