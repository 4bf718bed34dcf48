"""When a platform turns one account after the other away, a run leaves the rest of its accounts alone.

What a flow can no longer read is the breaker's matter, and lasts. This is about the door: three accounts
that are refused alike may all have wrong passwords, but it is likelier that the sign-in has changed or
that the platform has had enough, and nobody wants that tried on five hundred more. It lasts for the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.campaign.breaker import ENOUGH
from optout.model import Reading, Why

if TYPE_CHECKING:
    from optout.ledger.history import Look
    from optout.model import Account

_AT_THE_DOOR = (Why.CREDENTIALS_REFUSED, Why.LOGIN_REFUSED, Why.RESTRICTED, Why.CAPTCHA)
_ANYWHERE = (Why.RATE_LIMITED, Why.SITE_DOWN)


@dataclass(frozen=True)
class Stop:
    """Why a platform is visited no more in this run.

    Attributes:
        platform: which.
        why: what the failures have in common.
        accounts: whose visits failed so, in order.
    """

    platform: str
    why: Why
    accounts: tuple[Account, ...]

    @property
    def reason(self) -> str:
        """What happened, in one sentence."""
        return (
            f"{self.platform} is left alone for the rest of this run: {len(self.accounts)} accounts in "
            f"a row ended with {self.why}"
        )

    @property
    def next_step(self) -> str:
        """What the person can do."""
        return (
            f"See what is wrong with one of them: optout check {self.accounts[-1]} --headed. Then visit "
            f"the rest: optout run {self.platform}; all the same and at once: --despite-quarantine"
        )


@dataclass
class Stops:
    """Watches what visits that nobody attends come to at each origin."""

    _rows: dict[str, dict[Why, dict[Account, None]]] = field(default_factory=dict)
    _stopped: dict[str, Stop] = field(default_factory=dict)

    def saw(self, look: Look, *, signed_in: bool) -> Stop | None:
        """Take note of what a visit established.

        Args:
            look: that.
            signed_in: whether it went through the door; with a kept session nobody does.

        Returns:
            The stop that this was the last straw for.
        """
        account, row = look.target.account, self._rows.setdefault(look.origin, {})
        if look.why in (*_AT_THE_DOOR, *_ANYWHERE):
            failed = row.setdefault(look.why, {})
            failed[account] = None
            if len(failed) >= ENOUGH and look.origin not in self._stopped:
                stop = Stop(account.platform, look.why, tuple(failed))
                return self._stopped.setdefault(look.origin, stop)
        elif look.reading is not Reading.UNKNOWN:
            for why in (*_ANYWHERE, *(_AT_THE_DOOR if signed_in else ())):
                row.pop(why, None)
        return None

    def at(self, origin: str) -> Stop | None:
        """The stop at an origin, if there is one."""
        return self._stopped.get(origin)
