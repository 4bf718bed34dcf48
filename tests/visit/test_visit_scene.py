"""Recognising pages by path, marks and texts, never by what stands in a query."""

from __future__ import annotations

from typing import Any

import pytest

from optout.flow import Labels, Scene, SceneKind, SignIn, Wording
from optout.flow.discovery import discover
from optout.flow.flow import Flow
from optout.model import Why
from optout.visit.scene import _recognise

LINKEDIN = discover().flows["linkedin"]
NAV = "nav.global-nav"
PASSWORD = LINKEDIN.sign_in.password[0]
REFUSED = "?errorKey=challenge_global_internal_error"


def look(path: str, search: str = "", **facts: tuple[str, ...]) -> Any:
    seen = {name: list(facts.get(name, ())) for name in ("marks", "traces", "texts")}
    return {"path": path, "search": search, **seen}


def kind(*args: Any, **facts: Any) -> tuple[SceneKind | None, Why]:
    here = _recognise(LINKEDIN, look(*args, **facts))
    return here.kind, here.why


@pytest.mark.parametrize(
    ("path", "search", "marks"),
    [
        ("/uas/login", "?session_redirect=%2Ffeed%2F", ()),
        ("/login", "?fromSignIn=true&session_redirect=https%3A%2F%2Fwww.linkedin.com%2Ffeed%2F", ()),
        ("/authwall", "?trk=feed", ()),
        ("/checkpoint/lg/login-submit", "", ()),
        ("/login/fr", "", ()),
    ],
)
def test_a_page_before_the_door_is_not_the_one_its_query_names(
    path: str, search: str, marks: tuple[str, ...]
) -> None:
    assert kind(path, search, marks=marks)[0] is SceneKind.SIGNED_OUT


@pytest.mark.parametrize("path", ["/login", "/uas/login", "/checkpoint/lg/login", "/login/de"])
def test_a_password_field_there_makes_it_the_form(path: str) -> None:
    assert kind(path, "?session_redirect=%2Fcheckpoint%2Fchallenge%2Fx", marks=(PASSWORD,))[0] is (
        SceneKind.SIGN_IN_FORM
    )


@pytest.mark.parametrize("path", ["/feed/", "/mypreferences/d/", "/preload/", "/in/login/", "/loginfo"])
@pytest.mark.parametrize("search", ["", "?next=/login", "?x=/checkpoint/challenge/1", "?errorKey=other"])
def test_a_members_page_is_known_by_its_mark(path: str, search: str) -> None:
    assert kind(path, search, marks=(NAV,))[0] is SceneKind.SIGNED_IN


def test_a_members_page_without_its_mark_is_not_known() -> None:
    assert kind("/feed/") == (None, Why.NONE)


@pytest.mark.parametrize("path", ["/flagship-web/login/", "/checkpoint/lg/login"])
def test_an_error_key_is_a_refused_login_and_no_challenge(path: str) -> None:
    assert kind(path, REFUSED, marks=(PASSWORD,)) == (SceneKind.PERSON_ONLY, Why.LOGIN_REFUSED)


def test_an_error_key_inside_another_value_is_none() -> None:
    search = "?session_redirect=%2Ffeed%2F%3FerrorKey%3Dchallenge_global_internal_error"
    assert kind("/login", search, marks=(PASSWORD,))[0] is SceneKind.SIGN_IN_FORM


@pytest.mark.parametrize("base", ["/checkpoint/challenge/AgF", "/checkpoint/challengesV2/AgF"])
@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ("form#email-pin-challenge", Why.EMAIL_CODE),
        ("form#two-step-challenge", Why.SMS_CODE),
        ("form#in-app-challenge", Why.APP_APPROVAL),
        ("iframe#captcha-internal", Why.CAPTCHA),
        ("", Why.CHALLENGE),
    ],
)
def test_each_challenge_is_named(base: str, mark: str, why: Why) -> None:
    assert kind(base, "?ut=1", marks=(mark,) if mark else ())[1] is why


@pytest.mark.parametrize("trace", ["form#two-step-challenge-recovery-code", "#auth-app-div"])
def test_an_authenticator_is_told_from_an_sms_by_what_is_hidden(trace: str) -> None:
    found = kind("/checkpoint/challenge/x", marks=("form#two-step-challenge",), traces=(trace,))
    assert found == (SceneKind.ONE_TIME_CODE, Why.AUTHENTICATOR_CODE)


@pytest.mark.parametrize(
    "text",
    ["Wrong email or password.", "Wrong email or password. Try again or create an account."],
)
def test_refused_credentials_are_known_by_their_words(text: str) -> None:
    assert kind("/login", marks=(PASSWORD,), texts=(text,))[0] is SceneKind.CREDENTIALS_REFUSED


def test_words_of_a_refusal_on_a_members_page_are_only_words() -> None:
    assert kind("/feed/", marks=(NAV,), texts=("Wrong email or password.",))[0] is SceneKind.SIGNED_IN


class Exemplar(Flow):
    name = "exemplar"
    sign_in = SignIn(path="/in", user=(), password=(), submit=Labels())
    scenes = (
        Scene(kind=SceneKind.PERSON_ONLY, why=Why.CAPTCHA, paths=("/a/*",), marks=("#x",)),
        Scene(kind=SceneKind.INTERSTITIAL, paths=("/a/*",), texts=Labels(Wording("en", "One moment"))),
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/a/*", "/b")),
        Scene(kind=SceneKind.SIGNED_IN, marks=("#y",), query=(("v", "2"), ("w", ""))),
    )


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((look("/a/1", marks=("#x",))), SceneKind.PERSON_ONLY),
        ((look("/a/1", marks=("#x",), texts=("One moment",))), SceneKind.PERSON_ONLY),
        ((look("/a/1", texts=("ONE  MOMENT",))), SceneKind.INTERSTITIAL),
        ((look("/a/1", texts=("One moment please",))), SceneKind.SIGNED_OUT),
        ((look("/A/1", marks=("#x",))), None),
        ((look("/a", marks=("#x",))), None),
        ((look("/b/")), None),
        ((look("/c", "?v=2&w=", marks=("#y",))), SceneKind.SIGNED_IN),
        ((look("/c", "?w&v=2", marks=("#y",))), SceneKind.SIGNED_IN),
        ((look("/c", "?v=22&w=", marks=("#y",))), None),
        ((look("/c", "?x=v%3D2", marks=("#y",))), None),
        ((look("/c", "?v=2&w=")), None),
    ],
)
def test_every_condition_of_a_scene_must_hold_and_the_first_that_fits_counts(
    facts: dict[str, Any], expected: SceneKind | None
) -> None:
    assert _recognise(Exemplar(), facts).kind is expected
