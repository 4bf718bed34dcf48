"""TARGET on the command line: which accounts and settings it means, in what order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from optout.campaign.targets import find_flow, select, without_flow
from optout.errors import UsageProblem
from optout.flow.discovery import Flows
from optout.model import Account
from tests.workshop.flow import Workshop

if TYPE_CHECKING:
    from collections.abc import Sequence


class Annex(Workshop):
    """A second platform."""

    name = "annex"
    settings = (  # type: ignore[assignment]
        Workshop.settings[0],
        *(replace(setting, group="more") for setting in Workshop.settings[1:3]),
        *Workshop.settings[3:],
    )


FLOWS = Flows({"workshop": Workshop(), "annex": Annex()})
ADA, BOB = Account("workshop", "ada@example.org"), Account("workshop", "bob@example.org")
CYD = Account("annex", "cyd@example.org")
FIRST, SECOND, THIRD = (setting.name for setting in Workshop.settings[:3])


def chosen(*texts: str, accounts: Sequence[Account] = (ADA, BOB, CYD)) -> list[tuple[str, list[str]]]:
    """The accounts that targets name, each with its settings."""
    jobs = select(texts, FLOWS, accounts)
    return [(job.account.login[:3], [setting.name for setting in job.settings]) for job in jobs]


def test_no_target_means_every_account() -> None:
    assert [login for login, _ in chosen()] == ["ada", "bob", "cyd"]


def test_a_platform_means_its_accounts() -> None:
    assert [login for login, _ in chosen("workshop")] == ["ada", "bob"]


def test_an_account_means_itself_and_the_platforms_first_setting() -> None:
    assert chosen("workshop:bob@example.org") == [("bob", [FIRST])]


def test_a_setting_alone_means_it_for_every_account() -> None:
    assert chosen(f"workshop/{SECOND}") == [("ada", [SECOND]), ("bob", [SECOND])]


def test_a_group_means_its_settings_and_never_the_first_unasked() -> None:
    assert chosen("annex/more:cyd@example.org") == [("cyd", [SECOND, THIRD])]


def test_what_names_neither_a_setting_nor_a_group_is_met_with_both() -> None:
    with pytest.raises(UsageProblem, match="Did you mean more") as caught:
        chosen("annex/mroe")
    assert caught.value.expected.endswith(", more")


def test_a_whole_target_means_one_setting_of_one_account() -> None:
    assert chosen(f"workshop/{SECOND}:ada@example.org") == [("ada", [SECOND])]


def test_the_order_typed_is_kept() -> None:
    assert [login for login, _ in chosen("annex", "workshop:bob@example.org")] == ["cyd", "bob"]


def test_what_is_named_twice_is_visited_once() -> None:
    targets = ("workshop:bob@example.org", "workshop", f"workshop/{SECOND}:bob@example.org")
    assert chosen(*targets) == [("bob", [FIRST, SECOND]), ("ada", [FIRST])]


def test_a_login_is_compared_in_its_composed_form() -> None:
    account = Account("workshop", "andr\u00e9@example.org")
    assert chosen("workshop:andre\u0301@example.org", accounts=[account]) == [("and", [FIRST])]


def test_a_platform_without_accounts_says_how_to_add_one() -> None:
    with pytest.raises(UsageProblem, match="optout account add annex"):
        select(["annex"], FLOWS, [ADA])


def test_a_login_of_another_platform_is_not_found() -> None:
    with pytest.raises(UsageProblem, match=r"annex:ada@example\.org is not in the list"):
        select(["annex:ada@example.org"], FLOWS, [ADA, CYD])


def test_an_unknown_platform_is_met_with_the_nearest() -> None:
    with pytest.raises(UsageProblem, match=r"Did you mean workshop\?"):
        find_flow(FLOWS, "worksop")


def test_with_no_flow_at_all_that_is_said() -> None:
    with pytest.raises(UsageProblem, match="none at all: no flow is installed"):
        find_flow(Flows({}), "workshop")


def test_accounts_whose_flow_is_missing_are_told_apart() -> None:
    stranger = Account("gone", "ada@example.org")
    assert without_flow(FLOWS, [ADA, stranger]) == [stranger]
    assert [login for login, _ in chosen(accounts=[ADA, stranger])] == ["ada"]
