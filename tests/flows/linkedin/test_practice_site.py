"""The practice site: structure and behaviour of the platform, its own look, every condition."""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pyotp
import pytest
from optout_flows.linkedin.practice.conditions import CONDITIONS
from optout_flows.linkedin.practice.site import site as new_site

from optout.practice.server import PracticeServer, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.practice.switchboard import PracticeAccount

KEY = "allowDataForGenerativeAI"
SETTING = "/mypreferences/d/settings/data-for-ai-improvement"
PRIVACY = "/mypreferences/d/categories/privacy"
API = f"/mysettings-api/settingsApiSettings/{KEY}"
OWN_STATUSES = {"server-error": 500, "rate-limited": 429, "blocked-999": 999}
ROW = re.compile(r'class="settings-row" href="([^"]+)"')


@dataclass
class Answer:
    status: int
    path: str
    text: str
    cookies: list[str]


@dataclass
class Visitor:
    """Somebody with cookies and without a browser."""

    origin: str
    patience: float = 5
    jar: dict[str, str] = field(default_factory=dict)
    seen: list[Answer] = field(default_factory=list)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Answer:
        """One request, without following where it leads."""
        connection = http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=self.patience)
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body or None, {"Cookie": cookies, **named})
            reply = connection.getresponse()
            given = reply.headers.get_all("set-cookie") or []
            for each in given:
                name, _, value = each.partition(";")[0].partition("=")
                self.jar[name] = value
            where = reply.headers.get("location") or path
            answer = Answer(reply.status, where, reply.read().decode(), given)
        finally:
            connection.close()
        self.seen.append(answer)
        return answer

    def get(self, path: str) -> Answer:
        answer = self.ask("GET", path)
        hops = 0
        while answer.status in (302, 303) and hops < 10:
            answer, hops = self.ask("GET", answer.path), hops + 1
        return answer

    def post_form(self, path: str, **fields: str) -> Answer:
        answer = self.ask("POST", path, urlencode(fields))
        return self.get(answer.path) if answer.status == 303 else answer

    def sign_in(self, login: str, password: str = "pw", wanted: str = "") -> Answer:
        form = self.get("/checkpoint/rm/sign-in-another-account").text
        return self.post_form(
            "/checkpoint/lg/login-submit",
            csrfToken=hidden(form, "csrfToken"),
            session_key=login,
            session_password=password,
            session_redirect=wanted,
        )

    def save(self, on: bool, **changed: str) -> Answer:
        setting = json.loads(self.ask("GET", API).text)
        fixed = ("key", "settingDisplayType", "entityUrn", "hasChild")
        body = {name: setting[name] for name in fixed} | {"value": str(on).lower()}
        headers = {
            "csrf_token": self.jar["JSESSIONID"].strip('"'),
            "X_RestLi_Protocol_Version": "2.0.0",
            **changed,
        }
        return self.ask("PUT", API, json.dumps(body), **headers)


class Words(HTMLParser):
    """The words of a page that a person could see, and what its `code` elements hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.code, self._inside = "", "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag == "code" else self._inside
        shown = ("alt", "title", "placeholder", "aria-label", "value")
        self.text += " ".join(value or "" for name, value in attrs if name in shown)

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag == self._inside else self._inside

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.code += data
        else:
            self.text += data


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden field {name}"
    return found[1]


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with serve(new_site(slow_seconds=0.05)) as served:
        yield served


@pytest.fixture
def add(server: PracticeServer, request: pytest.FixtureRequest) -> Any:
    """Adds an account of this test's own."""

    def adding(*conditions: str, **facts: Any) -> PracticeAccount:
        login = f"{request.node.name}-{len(server.site.switchboard.accounts)}@example.org"
        return server.site.switchboard.add(login, "pw", conditions=conditions, **facts)

    return adding


@pytest.fixture
def visitor(server: PracticeServer) -> Visitor:
    return Visitor(server.origin)


# Signing in


def test_a_stranger_is_sent_to_sign_in_and_back_again(visitor: Visitor) -> None:
    assert visitor.ask("GET", SETTING).path == (
        "/uas/login?session_redirect=" + SETTING.replace("/", "%2F")
    )


def test_the_right_password_gives_the_platforms_cookies(add: Any, visitor: Visitor) -> None:
    account = add()
    visitor.sign_in(account.login)
    given = "\n".join(cookie for answer in visitor.seen for cookie in answer.cookies)
    assert re.search(r"^li_at=\S+; .*HttpOnly$", given, re.MULTILINE)
    assert re.search(r'^JSESSIONID="ajax:\d+";', given, re.MULTILINE)
    assert visitor.jar["liap"] == "true"


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("", "/feed/"), (PRIVACY, PRIVACY), ("https://example.org/", "/feed/"), ("//x.org", "/feed/")],
)
def test_only_a_path_of_this_site_is_followed_after_signing_in(
    add: Any, visitor: Visitor, wanted: str, reached: str
) -> None:
    visitor.sign_in(add().login, wanted=wanted)
    assert visitor.seen[-1].path == reached


def test_a_wrong_password_is_told_in_the_form_and_opens_nothing(add: Any, visitor: Visitor) -> None:
    answer = visitor.sign_in(add().login, "wrong")
    assert re.search(r'id="error-for-password" class="error__label"[^>]*>Wrong email', answer.text)
    assert "li_at" not in visitor.jar


def test_an_unknown_address_is_told_apart_from_a_wrong_password(visitor: Visitor) -> None:
    answer = visitor.sign_in("nobody@example.org")
    assert re.search(r'id="error-for-username" class="error__label"[^>]*>Couldn', answer.text)


def test_a_form_without_the_right_token_is_refused(add: Any, visitor: Visitor) -> None:
    visitor.get("/login")
    answer = visitor.post_form("/checkpoint/lg/login-submit", session_key=add().login)
    assert (answer.status, "CSRF check failed." in answer.text) == (403, True)


def test_a_refused_login_ends_at_the_error_key_with_the_form(add: Any, visitor: Visitor) -> None:
    answer = visitor.sign_in(add("login-refused").login)
    assert answer.path == "/flagship-web/login/?errorKey=challenge_global_internal_error"
    assert "session_password" in answer.text


@pytest.mark.parametrize(
    ("condition", "form"),
    [
        ("challenge-email-code", "email-pin-challenge"),
        ("challenge-sms-code", "two-step-challenge"),
        ("challenge-authenticator", "two-step-challenge-recovery-code"),
    ],
)
def test_a_code_challenge_lets_in_with_the_right_code_only(
    add: Any, visitor: Visitor, condition: str, form: str
) -> None:
    account = add(condition)
    challenge = visitor.sign_in(account.login)
    right = pyotp.TOTP(account.totp).now() if "authenticator" in condition else account.code
    assert (f'id="{form}"' in challenge.text, "li_at" in visitor.jar) == (True, False)
    for code, there in (("no", "body__banner--error"), (right, "Good to see you")):
        csrf = hidden(challenge.text, "csrfToken")
        answer = visitor.post_form("/checkpoint/challenge/verify", csrfToken=csrf, pin=code)
        assert there in answer.text
    assert (account.counters.code_submissions, account.counters.state_changing_requests) == (2, 0)


def test_a_consent_wall_counts_as_a_change_when_agreed_to(add: Any, visitor: Visitor) -> None:
    account = add("agree-to-comply")
    csrf = hidden(visitor.sign_in(account.login).text, "csrfToken")
    answer = visitor.post_form("/checkpoint/agree-to-comply", csrfToken=csrf)
    assert (answer.path, account.counters.state_changing_requests) == ("/feed/", 1)


# Sessions


def test_revoked_sessions_are_sent_to_sign_in_and_keep_their_cookie(add: Any, visitor: Visitor) -> None:
    account = add()
    visitor.sign_in(account.login)
    token = visitor.jar["li_at"]
    account.revoke_sessions()
    answer = visitor.ask("GET", SETTING)
    assert (answer.status, answer.cookies, visitor.jar["li_at"]) == (302, [], token)


@pytest.mark.parametrize("after", ["reading", "saving"])
def test_a_session_can_end_after_reading_or_saving(add: Any, visitor: Visitor, after: str) -> None:
    visitor.sign_in(add(f"session-expires-after-{after}").login)
    assert visitor.ask("GET", SETTING).status == 200
    if after == "saving":
        visitor.save(on=False)
    assert visitor.ask("GET", SETTING).status == 302


def test_two_people_at_once_see_their_own_pages(add: Any, server: PracticeServer) -> None:
    ada, bob = Visitor(server.origin), Visitor(server.origin)
    ada.sign_in(add(name="Ada Example").login)
    bob.sign_in(add(name="Cy Example").login)
    assert ("Ada Example" in ada.get("/feed/").text, "Cy Example" in bob.get("/feed/").text) == (
        True,
        True,
    )


# The setting


def test_saving_is_stored_and_counted_once(add: Any, visitor: Visitor) -> None:
    account = add()
    visitor.sign_in(account.login)
    assert [visitor.save(on=False).status for _ in "ab"] == [200, 200]
    assert (account.out, account.counters.changes) == (True, 1)
    assert account.counters.state_changing_requests == 2
    assert json.loads(visitor.get(API).text)["value"] == "false"


@pytest.mark.parametrize("token", ["", '"ajax:123"', "ajax:1"])
def test_saving_without_the_right_token_changes_nothing(add: Any, visitor: Visitor, token: str) -> None:
    account = add()
    visitor.sign_in(account.login)
    answer = visitor.save(on=False, csrf_token=token)
    assert (answer.status, answer.text, account.out) == (403, "CSRF check failed.", False)


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "pt-BR", "it", "es", "pl", "ja"])
def test_pages_speak_the_language_of_the_account_whatever_the_browser_asks_for(
    add: Any, visitor: Visitor, language: str
) -> None:
    visitor.sign_in(add(language=language).login)
    answer = visitor.ask("GET", SETTING, Accept_Language="sv")
    assert f'<html lang="{language}">' in answer.text


def test_the_embedded_data_describes_the_switch(add: Any, visitor: Visitor) -> None:
    visitor.sign_in(add().login)
    entity = json.loads(Words(visitor.get(SETTING).text).code)["included"][0]
    assert (entity["key"], entity["value"], entity["onValue"]) == (KEY, "true", "true")


@pytest.mark.parametrize("condition", ["absent-404", "absent-redirect", "absent-empty"])
def test_where_it_is_not_offered_its_row_is_missing_and_the_others_stay(
    add: Any, visitor: Visitor, condition: str
) -> None:
    visitor.sign_in(add(condition).login)
    listing = visitor.get(PRIVACY).text
    assert (SETTING in listing, "policy-and-academic-research" in listing) == (False, True)


def test_a_moved_setting_works_where_its_row_leads(add: Any, visitor: Visitor) -> None:
    visitor.sign_in(add("moved").login)
    row = re.search(r'href="([^"]*practice-moved)"', visitor.get(PRIVACY).text)
    assert row
    assert (visitor.get(SETTING).status, KEY in visitor.get(row[1]).text) == (404, True)


# Every condition, every page


def test_where_the_sign_in_form_is_never_answered_nobody_gets_in(add: Any, visitor: Visitor) -> None:
    visitor.patience = 0.2
    with pytest.raises(TimeoutError):
        visitor.sign_in(add("sign-in-hangs").login)
    assert visitor.get(SETTING).path.startswith("/uas/login")


@pytest.mark.parametrize(
    "name", [condition.name for condition in CONDITIONS if condition.name != "sign-in-hangs"]
)
def test_under_each_condition_pages_are_marked_unbranded_and_never_break(
    add: Any, visitor: Visitor, name: str
) -> None:
    account = add(name)
    visitor.sign_in(account.login)
    for path in ("/login", "/feed/", PRIVACY, SETTING, f"{SETTING}/frame", "/nowhere", API):
        if (name, path) == ("hangs", SETTING):
            visitor.patience = 0.2
            with pytest.raises(TimeoutError):
                visitor.get(path)
        else:
            visitor.get(path)
    allowed = {200, 302, 303, 401, 404, OWN_STATUSES.get(name, 200)}
    assert {answer.status for answer in visitor.seen} <= allowed
    for answer in visitor.seen:
        if answer.text.startswith("<!doctype"):
            words = Words(answer.text).text
            assert ("Practice site" in words, "linkedin" in words.casefold()) == (True, False)


def test_every_page_of_the_settings_tree_is_there_marked_and_unbranded(
    add: Any, visitor: Visitor
) -> None:
    visitor.sign_in(add().login)
    lists = re.findall(r'href="(/mypreferences/d/categories/[^"]+)"', visitor.get(PRIVACY).text)
    rows = {row for each in lists for row in re.findall(ROW, visitor.get(each).text)}
    answers = [visitor.get(row) for row in rows]
    assert (len(lists), len(rows) > 20, {answer.status for answer in answers}) == (6, True, {200})
    # The one label by which a switch there is known, and nothing else.
    words = [Words(answer.text).text.replace("Ads outside of LinkedIn", "") for answer in visitor.seen]
    assert not [each for each in words if "linkedin" in each.casefold()]
