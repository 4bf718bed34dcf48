"""How one account is visited: mode, window, session and credentials, from what there is."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from optout.accounts.browser_state import Binding
from optout.accounts.sessions import SignedInProof
from optout.campaign.plan import Wishes, plan
from optout.campaign.targets import Job
from optout.errors import SecretUnavailable, UsageProblem
from optout.flow import Form, Labels, SignIn
from optout.ledger.accounts import add_account
from optout.model import Mode, SecretKind, SecretSource
from tests.campaign.conftest import ADA
from tests.workshop.flow import Workshop

if TYPE_CHECKING:
    from optout.campaign.plan import Plan
    from optout.campaign.surroundings import Surroundings
    from optout.flow import Flow

SITE = "http://127.0.0.1:8000"


class Attended(Workshop):
    """A platform whose flow advises that the person signs in."""

    default_mode = Mode.ATTENDED
    mode_note = "For the sake of these tests."


class Guided(Attended):
    """A platform whose terms want the person to act."""

    default_mode = Mode.GUIDED


class Unnamed(Attended):
    """A platform whose pages name nobody."""

    identity = ()  # type: ignore[assignment]
    identity_note = "No source says where."


class ByPerson(Attended):
    """A platform with a sign-in that only a person gets through."""

    sign_in = SignIn(path="/enter")


def planned(
    around: Surroundings, *, settings: bool = True, flow: type[Flow] = Attended, **wishes: Any
) -> Plan:
    job = Job(ADA, flow(), flow.settings[:1] if settings else ())
    return plan(job, Wishes(**{"command": "run", "may_change": True, "site": SITE, **wishes}), around)


def with_password(around: Surroundings) -> None:
    source = SecretSource(SecretKind.COMMAND, ("cat", "file"))
    add_account(around.ledger, ADA, at=datetime.datetime.now(datetime.UTC), password=source)


def with_session(around: Surroundings, product: str) -> None:
    proof = SignedInProof("Ada", SITE, datetime.datetime.now(datetime.UTC))
    around.sessions.save(ADA, proof, Binding(product, "chromium"), {}, hosts=())


def decided(chosen: Plan) -> tuple[Mode, bool]:
    return chosen.mode, chosen.headed


def test_with_nothing_kept_the_flows_advice_is_followed_in_a_window(around: Surroundings) -> None:
    assert decided(planned(around)) == (Mode.ATTENDED, True)


def test_with_a_password_nobody_has_to_be_there(around: Surroundings) -> None:
    with_password(around)
    chosen = planned(around)
    assert decided(chosen) == (Mode.AUTOMATIC, False)
    assert chosen.credentials is not None


@pytest.mark.parametrize(("flow", "mode"), [(Guided, Mode.GUIDED), (Unnamed, Mode.ATTENDED)])
def test_what_is_kept_does_not_make_a_person_superfluous_whom_the_flow_wants(
    around: Surroundings, flow: type[Flow], mode: Mode
) -> None:
    with_password(around)
    with_session(around, "HeadlessChrome")
    assert planned(around, flow=flow).mode is mode
    assert planned(around, flow=flow, mode=Mode.AUTOMATIC).mode is Mode.AUTOMATIC


def test_a_password_is_of_no_use_where_there_is_no_form_for_it(around: Surroundings) -> None:
    with_password(around)
    assert planned(around, flow=ByPerson).mode is Mode.ATTENDED
    assert planned(around, flow=ByPerson, mode=Mode.AUTOMATIC).credentials is None


def test_a_session_made_in_a_window_is_used_in_one(around: Surroundings) -> None:
    with_session(around, "Chrome")
    assert decided(planned(around)) == (Mode.AUTOMATIC, True)


def test_a_session_made_without_a_window_needs_none(around: Surroundings) -> None:
    with_session(around, "HeadlessChrome")
    assert decided(planned(around)) == (Mode.AUTOMATIC, False)


def test_a_session_of_another_origin_does_not_count(around: Surroundings) -> None:
    with_session(around, "HeadlessChrome")
    assert decided(planned(around, site="http://127.0.0.1:9")) == (Mode.ATTENDED, True)


def test_a_session_that_cannot_be_read_is_carried_along_to_be_said(around: Surroundings) -> None:
    with_session(around, "Chrome")
    (file,) = around.home.sessions.rglob("*.session")
    file.write_bytes(b"damaged")
    chosen = planned(around)
    assert isinstance(chosen.kept, SecretUnavailable)
    assert decided(chosen) == (Mode.AUTOMATIC, False)


def test_a_damaged_session_does_not_keep_anybody_from_signing_in_anew(around: Surroundings) -> None:
    with_session(around, "Chrome")
    (file,) = around.home.sessions.rglob("*.session")
    file.write_bytes(b"damaged")
    assert planned(around, settings=False, mode=Mode.ATTENDED).kept is None


def test_without_a_window_nobody_is_there(around: Surroundings) -> None:
    assert decided(planned(around, headed=False)) == (Mode.AUTOMATIC, False)


@pytest.mark.parametrize("mode", list(Mode))
def test_the_mode_that_is_wished_is_taken(around: Surroundings, mode: Mode) -> None:
    with_password(around)
    assert decided(planned(around, mode=mode)) == (mode, mode is not Mode.AUTOMATIC)


@pytest.mark.parametrize("mode", [Mode.ATTENDED, Mode.GUIDED])
def test_where_a_person_is_the_tool_has_no_password_and_no_fence(
    around: Surroundings, mode: Mode
) -> None:
    with_password(around)
    chosen = planned(around, mode=mode)
    assert (chosen.credentials, chosen.fenced) == (None, False)


def test_automatic_visits_are_fenced(around: Surroundings) -> None:
    assert planned(around, mode=Mode.AUTOMATIC).fenced


@pytest.mark.parametrize("mode", [Mode.ATTENDED, Mode.GUIDED])
def test_a_person_without_a_window_is_a_contradiction(around: Surroundings, mode: Mode) -> None:
    with pytest.raises(UsageProblem, match=f"--mode {mode} needs a window"):
        planned(around, mode=mode, headed=False)


def test_without_another_site_the_visit_goes_to_the_platform(around: Surroundings) -> None:
    site = planned(around, site=None).site
    assert (site.origin, site.practice) == (Workshop.origin, False)


def test_a_form_is_for_a_person_at_the_window_whatever_is_kept(around: Surroundings) -> None:
    form = Form(login=Labels("Email"), option=Labels("Object"), by_person="your name", answer="They do")

    class Asking(Workshop):
        settings = (replace(Workshop.settings[0], control=form),)  # type: ignore[assignment]

    with_password(around)
    assert planned(around, flow=Workshop).mode is Mode.AUTOMATIC
    assert planned(around, flow=Asking).mode is Mode.GUIDED
