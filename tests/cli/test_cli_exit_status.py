"""Exit status: one bit per kind of trouble, all targets of a run together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.model import ExitBit

if TYPE_CHECKING:
    from tests.cli.shell import Desk

EACH = {
    "out@example.org": "already-out",
    "refused@example.org": "save-403",
    "captcha@example.org": "challenge-captcha",
    "strange@example.org": "label-unknown",
    "down@example.org": "server-error",
}


def test_the_bits_of_all_accounts_are_added_up(desk: Desk) -> None:
    for login, condition in EACH.items():
        desk.add(login, condition)
    ended = desk.shell.optout("run", *desk.site, "--json")
    bits = ExitBit.STILL_IN | ExitBit.NEEDS_PERSON | ExitBit.UNREADABLE | ExitBit.UNREACHABLE
    assert ended.status == bits, ended
