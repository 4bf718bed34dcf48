"""The one target that a command is about."""

from __future__ import annotations

from optout.campaign.targets import not_a_target, parse_target
from optout.errors import UsageProblem
from optout.model import Account, Target


def one_target(text: str) -> Target:
    """The one target that a text names.

    Raises:
        UsageProblem: it names several, or none.
    """
    named = parse_target(text)
    if named is None:
        raise not_a_target(text)
    if named.setting is None or named.login is None:
        raise UsageProblem(
            f'"{text[:80]}" is not one setting of one account',
            expected="a target such as linkedin/ai-training:ada@example.org",
            next_step="To see them all: optout status",
        )
    return Target(Account(named.platform, named.login), named.setting)
