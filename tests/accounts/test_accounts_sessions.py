from __future__ import annotations

import json
import logging
import os
import shutil
import stat
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optout.accounts.browser_state import Binding, only_hosts, secrets_in
from optout.accounts.keyring_store import KeyringStore
from optout.accounts.keys import KeySource, NoKey
from optout.accounts.redact import MARK, redact
from optout.accounts.sealing import SealBroken, open_sealed, seal, take_apart
from optout.accounts.sessions import SessionStore, SignedInProof
from optout.errors import PersonNeeded, SecretUnavailable
from optout.model import Account

if TYPE_CHECKING:
    from pathlib import Path

ADA = Account("linkedin", "ada@example.org")
BOB = Account("linkedin", "bob@example.org")
ORIGIN = "https://www.linkedin.com"
HOSTS = ["www.linkedin.com"]
BINDING = Binding("Chrome", "chromium")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COOKIE = "AQEDATg7planted-cookie"
TOKEN = "planted-local-storage-token"
STATE: dict[str, Any] = {
    "cookies": [
        {"name": "session", "value": COOKIE, "domain": ".linkedin.com", "httpOnly": True},
    ],
    "origins": [
        {"origin": ORIGIN, "localStorage": [{"name": "token", "value": TOKEN}], "indexedDB": []},
    ],
}
NO_KEYRING = KeyringStore(environ={"OPTOUT_KEYRING_BACKEND": "keyring.backends.null.Keyring"})
KEY = f"{sys.executable} -c \"print('k' * 44)\""
OTHER_KEY = f"{sys.executable} -c \"print('o' * 44)\""


def keys(command: str = KEY) -> KeySource:
    return KeySource(NO_KEYRING, environ={"OPTOUT_KEY_COMMAND": command} if command else {})


KEYS = keys()


def store(folder: Path, source: KeySource | None = None, now: datetime = NOW) -> SessionStore:
    return SessionStore(folder, source or KEYS, b"s" * 32, now=lambda: now)


def proof(at: datetime = NOW, seen_as: str = "Ada Lovelace") -> SignedInProof:
    return SignedInProof(seen_as, ORIGIN, at)


def save(sessions: SessionStore, account: Account = ADA) -> NoKey | None:
    return sessions.save(account, proof(), BINDING, STATE, hosts=HOSTS)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_saved_session_comes_back(tmp_path: Path) -> None:
    assert save(store(tmp_path)) is None
    session = store(tmp_path).load(ADA, ORIGIN)
    assert session is not None
    assert session.state == STATE
    assert (session.seen_as, session.origin, session.saved_at) == ("Ada Lovelace", ORIGIN, NOW)


def test_where_nothing_was_saved_there_is_nothing_and_no_key_is_asked_for(tmp_path: Path) -> None:
    assert store(tmp_path, keys("no-such-program-here")).load(ADA, ORIGIN) is None


def test_each_origin_has_a_session_of_its_own(tmp_path: Path) -> None:
    sessions = store(tmp_path)
    save(sessions)
    assert sessions.load(ADA, "http://127.0.0.1:8123") is None


def test_a_stolen_folder_shows_neither_cookies_nor_whose_they_are(tmp_path: Path) -> None:
    save(store(tmp_path))
    for path in files(tmp_path):
        shown = str(path).encode() + path.read_bytes()
        for secret in (COOKIE, TOKEN, "ada", "Ada", "Lovelace", "example.org"):
            assert secret.encode() not in shown


def test_a_stolen_folder_does_not_open_elsewhere(tmp_path: Path) -> None:
    save(store(tmp_path))
    with pytest.raises(SecretUnavailable, match=r"Sign in again: optout sign-in linkedin ada@"):
        store(tmp_path, keys(OTHER_KEY)).load(ADA, ORIGIN)


def test_files_are_for_their_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    before = os.umask(0)
    try:
        save(store(folder))
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files(folder)}
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    assert modes == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_a_session_under_another_accounts_name_does_not_open(tmp_path: Path) -> None:
    sessions = store(tmp_path)
    save(sessions, ADA)
    (adas,) = files(tmp_path)
    save(sessions, BOB)
    (bobs,) = set(files(tmp_path)) - {adas}
    shutil.copy(adas, bobs)
    with pytest.raises(PersonNeeded, match=r"optout sign-in linkedin bob@example\.org"):
        sessions.load(BOB, ORIGIN)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_session_with_any_byte_changed_does_not_open(tmp_path: Path, data: st.DataObject) -> None:
    sessions = store(tmp_path)
    save(sessions)
    (path,) = files(tmp_path)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        # None: the clear date now says that it is too old, and it was removed unopened.
        assert sessions.load(ADA, ORIGIN) is None
        assert not files(tmp_path)
    except SecretUnavailable as refusal:
        assert "does not open" in str(refusal)  # noqa: PT017 - either answer is right


@pytest.mark.parametrize("content", [b"", b"optout sealed\n", b"{}", b"x" * 300])
def test_what_is_no_session_is_refused(tmp_path: Path, content: bytes) -> None:
    sessions = store(tmp_path)
    save(sessions)
    (path,) = files(tmp_path)
    path.write_bytes(content)
    with pytest.raises(SecretUnavailable, match="does not open"):
        sessions.load(ADA, ORIGIN)


@pytest.mark.parametrize("header", [b"", b"[]", b"{}", b'{"origin":1,"saved_at":3}', b"\xff", b'"x"'])
def test_a_header_that_is_none_is_refused(tmp_path: Path, header: bytes) -> None:
    sessions = store(tmp_path)
    save(sessions)
    (path,) = files(tmp_path)
    path.write_bytes(seal(b"k" * 32, b"{}", header=header, owner=b""))
    with pytest.raises(SecretUnavailable, match="its header cannot be read"):
        sessions.describe(ADA, ORIGIN)


@pytest.mark.parametrize("seen_as", ["", "  "])
def test_a_session_is_not_saved_unless_somebody_was_seen_signed_in(seen_as: str) -> None:
    with pytest.raises(ValueError, match="only after somebody was seen signed in"):
        SignedInProof(seen_as, ORIGIN, NOW)


def test_without_a_key_the_session_is_not_kept_and_the_reason_is_said(tmp_path: Path) -> None:
    answer = save(store(tmp_path, keys("")))
    assert isinstance(answer, NoKey)
    assert "it stores nothing" in answer.reason
    assert not files(tmp_path)


def test_without_a_key_a_kept_session_stays_where_it_is(tmp_path: Path) -> None:
    save(store(tmp_path))
    with pytest.raises(SecretUnavailable, match="it stores nothing"):
        store(tmp_path, keys("")).load(ADA, ORIGIN)
    assert files(tmp_path)


def test_a_session_is_described_without_opening_it(tmp_path: Path) -> None:
    save(store(tmp_path))
    note = store(tmp_path, keys("no-such-program-here")).describe(ADA, ORIGIN)
    assert note is not None
    assert (note.origin, note.binding, note.saved_at) == (ORIGIN, BINDING, NOW)


def test_what_was_not_saved_is_not_described(tmp_path: Path) -> None:
    assert store(tmp_path).describe(ADA, ORIGIN) is None


def test_a_session_of_30_days_is_still_used(tmp_path: Path) -> None:
    save(store(tmp_path))
    assert store(tmp_path, now=NOW + timedelta(days=30)).load(ADA, ORIGIN) is not None


def test_an_older_session_is_removed_and_the_log_says_so_without_naming_anybody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(store(tmp_path))
    with caplog.at_level(logging.INFO):
        assert store(tmp_path, now=NOW + timedelta(days=31)).load(ADA, ORIGIN) is None
    assert not files(tmp_path)
    said = "the session for linkedin:a***@example.org is 31 days old and was removed"
    assert caplog.messages == [said]


def test_a_removed_session_is_gone(tmp_path: Path) -> None:
    sessions = store(tmp_path)
    save(sessions)
    assert sessions.remove(ADA, ORIGIN)
    assert not sessions.remove(ADA, ORIGIN)
    assert sessions.load(ADA, ORIGIN) is None


def test_printing_a_session_does_not_show_its_cookies(tmp_path: Path) -> None:
    sessions = store(tmp_path)
    save(sessions)
    assert COOKIE not in repr(sessions.load(ADA, ORIGIN))


@pytest.mark.parametrize(
    ("domain", "kept"),
    [
        ("www.linkedin.com", True),
        (".www.linkedin.com", True),
        (".linkedin.com", True),
        (".LinkedIn.com", True),
        ("linkedin.com", False),  # without a dot it is for that one host
        ("ads.linkedin.com", False),
        (".kedin.com", False),
        (".linkedin.com.evil.test", False),
        ("accounts.google.com", False),
        ("", False),
        (".", False),
    ],
)
def test_only_cookies_that_the_hosts_would_be_sent_are_kept(domain: str, kept: bool) -> None:
    state = {"cookies": [{"name": "n", "value": "v", "domain": domain}], "origins": []}
    assert bool(only_hosts(state, HOSTS)["cookies"]) is kept


@pytest.mark.parametrize(
    ("origin", "kept"),
    [
        ("https://www.linkedin.com", True),
        ("https://linkedin.com", False),
        ("https://www.linkedin.com.evil.test", False),
        ("https://www.linkedin.com@evil.test", False),
    ],
)
def test_only_storage_of_the_hosts_is_kept(origin: str, kept: bool) -> None:
    state = {"cookies": [], "origins": [{"origin": origin, "localStorage": []}]}
    assert bool(only_hosts(state, HOSTS)["origins"]) is kept


def test_what_a_newer_browser_adds_to_a_state_is_not_kept() -> None:
    assert only_hosts({"passkeys": ["x"]}, HOSTS) == {"cookies": [], "origins": []}


def test_a_host_may_name_its_port() -> None:
    state = {"cookies": [{"name": "n", "value": "v", "domain": "127.0.0.1"}]}
    assert only_hosts(state, ["127.0.0.1:8123"])["cookies"]


def test_sign_in_cookies_can_be_made_known_to_the_redactor() -> None:
    known = secrets_in(STATE)
    assert redact(f"got {COOKIE}") == f"got {MARK}"
    for secret in known:
        secret.forget()


@pytest.mark.parametrize(
    "state",
    [
        {"cookies": [{"value": "device-5Jw0Qm2VtRzYx8Kd3Lp", "httpOnly": False}]},
        {"origins": [{"localStorage": [{"name": "t", "value": "device-5Jw0Qm2VtRzYx8Kd3Lp"}]}]},
        {
            "origins": [
                {"localStorage": [{"name": "t", "value": '{"a": ["device-5Jw0Qm2VtRzYx8Kd3Lp"]}'}]}
            ]
        },
        {
            "origins": [
                {
                    "indexedDB": [
                        {"stores": [{"records": [{"value": {"t": "device-5Jw0Qm2VtRzYx8Kd3Lp"}}]}]}
                    ]
                }
            ]
        },
    ],
    ids=["cookie", "storage", "JSON in storage", "database"],
)
def test_whatever_looks_like_a_token_is_made_known_too(state: dict[str, Any]) -> None:
    (found,) = secrets_in(state)
    assert redact("device-5Jw0Qm2VtRzYx8Kd3Lp") == MARK
    found.forget()


@pytest.mark.parametrize(
    "value",
    [
        "en-US",
        "dark",
        "2026-11-22T07:30:00.000Z",
        "/mypreferences/d/settings/data-for-ai-improvement-2",
        "a sentence of 24 letters or more",
        "an-entirely-ordinary-name-of-a-preference",
        "[" * 5000,
    ],
)
def test_a_preference_in_storage_is_no_secret(value: str) -> None:
    state = {"origins": [{"localStorage": [{"name": "p", "value": value}]}]}
    assert secrets_in(state) == ()


LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("user_agent", "product"),
    [
        (LINUX + "Chrome/156.0.0.0 Safari/537.36", "Chrome"),
        (LINUX + "HeadlessChrome/156.0.0.0 Safari/537.36", "HeadlessChrome"),
        (LINUX + "Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0", "Edg"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/26.0 Safari/605.1.15", "Safari"),
        ("something else", "something else"),
    ],
)
def test_a_browser_is_known_by_the_name_it_gives_itself(user_agent: str, product: str) -> None:
    assert Binding.from_user_agent(user_agent, "chromium") == Binding(product, "chromium")


def test_a_session_fits_a_newer_version_of_its_browser_but_not_the_headless_one(
    tmp_path: Path,
) -> None:
    save(store(tmp_path))
    session = store(tmp_path).load(ADA, ORIGIN)
    assert session is not None
    newer = Binding.from_user_agent(LINUX + "Chrome/199.0.0.0 Safari/537.36", "chromium")
    headless = Binding.from_user_agent(LINUX + "HeadlessChrome/156.0 Safari/537.36", "chromium")
    assert session.fits(newer)
    assert not session.fits(headless)
    assert not session.fits(Binding("Chrome", "chrome"))


@given(key=st.binary(min_size=32, max_size=32), content=st.binary(), header=st.binary())
def test_what_was_sealed_opens(key: bytes, content: bytes, header: bytes) -> None:
    sealed = take_apart(seal(key, content, header=header, owner=b"ada"))
    assert sealed.header == header
    assert open_sealed(key, sealed, owner=b"ada") == content


@given(content=st.binary(), header=st.binary(), data=st.data())
def test_a_sealed_file_with_any_byte_changed_or_missing_does_not_open(
    content: bytes, header: bytes, data: st.DataObject
) -> None:
    file = seal(b"k" * 32, content, header=header, owner=b"ada")
    at = data.draw(st.integers(0, len(file) - 1))
    flipped = file[at] ^ data.draw(st.integers(1, 255))
    for changed in (file[:at], file[:at] + bytes([flipped]) + file[at + 1 :]):
        with pytest.raises(SealBroken):
            open_sealed(b"k" * 32, take_apart(changed), owner=b"ada")


def test_one_content_sealed_twice_looks_different() -> None:
    one, other = (seal(b"k" * 32, b"same", header=b"", owner=b"") for _ in range(2))
    assert one != other


def test_a_sealed_header_is_plain_json(tmp_path: Path) -> None:
    save(store(tmp_path))
    (path,) = files(tmp_path)
    header = json.loads(take_apart(path.read_bytes()).header)
    assert set(header) == {"origin", "binding", "saved_at"}
