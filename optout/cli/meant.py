"""What PLATFORM[/SETTING][:LOGIN] means to the commands for what is done by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.accounts.logins import parse_login
from optout.campaign.by_hand import find_setting
from optout.campaign.platforms import Platform, Way, find_platform
from optout.campaign.targets import not_a_target, parse_target
from optout.cli.options import installed_flows
from optout.home import Home
from optout.ledger.accounts import list_accounts
from optout.ledger.open import open_ledger

if TYPE_CHECKING:
    import click

    from optout.catalogue.entry import Setting

METAVAR = "PLATFORM[/SETTING][:LOGIN]"


@dataclass(frozen=True)
class Meant:
    """A setting, and whose it is if that is known.

    Attributes:
        login: empty where none is named, and the ledger has none or several.
    """

    platform: Platform
    setting: Setting
    login: str

    @property
    def target(self) -> str:
        """As typed on the command line; with somebody's login where none is known."""
        return f"{self.platform.name}/{self.setting.name}:{self.login or 'ada@example.org'}"


def meant_by(ctx: click.Context, text: str, *, want: Way | None = None) -> Meant:
    """Find out what is meant.

    Args:
        ctx: of the command.
        text: as typed.
        want: where no setting is named, the first about which optout can do this, if there is one.

    Raises:
        UsageProblem: it names something that does not exist.
    """
    named = parse_target(text)
    if named is None:
        raise not_a_target(text)
    platform = find_platform(installed_flows(ctx), named.platform)
    fitting = (each for each in platform.settings if platform.way(each) is want)
    setting = None if named.setting else next(fitting, None)
    login = parse_login(named.login) if named.login is not None else _only_login(platform.name)
    return Meant(platform, setting or find_setting(platform, named.setting), login)


def _only_login(platform: str) -> str:
    with open_ledger(Home.of_user()) as ledger:
        logins = [listed.account.login for listed in list_accounts(ledger, platform)]
    return logins[0] if len(logins) == 1 else ""
