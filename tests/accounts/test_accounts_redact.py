from __future__ import annotations

import base64
import html
import json
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from optout.accounts.redact import MARK, found_in, live_in, quiet_playwright_debug, redact
from optout.accounts.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRETS = st.text(min_size=4, max_size=40)
TEXTS = st.text(max_size=40)

ENCODINGS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "quote": quote,
    "quote of everything": lambda s: quote(s, safe=""),
    "quote with small digits": lambda s: re.sub("%..", lambda m: m[0].lower(), quote(s)),
    "quote_plus": quote_plus,
    "encodeURIComponent": lambda s: quote(s, safe="!*'()"),
    "quoted twice": lambda s: quote(quote(s)),
    "JSON": lambda s: json.dumps(s)[1:-1],
    "JSON in UTF-8": lambda s: json.dumps(s, ensure_ascii=False)[1:-1],
    "JSON with escaped slashes": lambda s: json.dumps(s)[1:-1].replace("/", r"\/"),
    "JSON in JSON": lambda s: json.dumps(json.dumps(s)),
    "HTML": html.escape,
    "HTML twice": lambda s: html.escape(html.escape(s)),
    "HTML numbers": lambda s: s.encode("ascii", "xmlcharrefreplace").decode(),
    "HTML in JSON": lambda s: json.dumps(html.escape(s)),
    "JSON in HTML": lambda s: html.escape(json.dumps(s)),
    "JSON in a URL": lambda s: quote_plus(json.dumps(s)),
    "repr": repr,
    "ascii": ascii,
    "hex": lambda s: s.encode().hex(),
    "HEX": lambda s: s.encode().hex().upper(),
}


@contextmanager
def covered(text: str) -> Iterator[None]:
    secret = Secret(text)
    try:
        yield
    finally:
        secret.forget()


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
@given(secret=SECRETS, before=TEXTS, after=TEXTS)
@example(secret='\\"\\\\', before="\\", after="\\")
@example(secret="\nabc", before="\\", after="")
@example(secret="0%5C\\%5C", before="", after="")
@example(secret="a b+c%20", before="%25", after="%")
@example(secret="&amp;&lt;", before="&amp;", after=";")
@example(secret="\U0001f600é'\"", before="\\u", after="")
def test_no_spelling_of_a_secret_survives(
    encode: Callable[[str], str], secret: str, before: str, after: str
) -> None:
    assume(secret not in MARK)  # then the mark itself holds it
    spelt = encode(secret)
    with covered(secret):
        clean = redact(before + spelt + after)
        assert MARK in clean
        assert spelt not in clean
        assert secret not in clean


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@given(secret=SECRETS, before=st.binary(max_size=7), after=st.binary(max_size=7))
def test_no_base64_character_that_holds_a_bit_of_a_secret_survives(
    encode: Callable[[bytes], bytes], secret: str, before: bytes, after: bytes
) -> None:
    content = secret.encode()
    spelt = encode(before + content + after).decode()
    first = len(before) * 8 // 6
    behind = -(-(len(before) + len(content)) * 8 // 6)
    with covered(secret):
        clean = redact(spelt)
        assert MARK in clean
        assert len(clean.split(MARK)[0]) <= first
        assert len(clean.rsplit(MARK)[-1]) <= len(spelt) - behind


@given(secret=SECRETS, before=st.binary(max_size=20), after=st.binary(max_size=20))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_file_that_holds_a_secret_is_found(
    encoding: str, secret: str, before: bytes, after: bytes
) -> None:
    with covered(secret):
        assert live_in(before + secret.encode(encoding) + after)


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
@settings(max_examples=20)
@given(secret=SECRETS, before=TEXTS, after=TEXTS)
def test_every_spelling_of_a_secret_is_found(
    encode: Callable[[str], str], secret: str, before: str, after: str
) -> None:
    with covered(secret):
        assert "a live secret" in found_in(before + encode(secret) + after)


def test_a_secret_that_is_an_ordinary_word_of_ours_is_not_looked_for() -> None:
    with covered("linkedin"), covered("Nine lives"):
        assert found_in("platform: linkedin", ordinary="opt out of linkedin") == ()
        assert found_in("Nine lives", ordinary="opt out of linkedin") == ("a live secret",)
        assert live_in(b"Nine lives", ordinary="opt out of linkedin")


@given(text=TEXTS)
def test_a_text_without_secrets_is_left_as_it_is(text: str) -> None:
    with covered("a secret that is longer than these texts are"):
        assert redact(text) == text


def test_secrets_that_overlap_are_both_gone() -> None:
    with covered("abcdef"), covered("defghi"):
        assert redact("-abcdefghi-") == f"-{MARK}-"


def test_a_mark_next_to_its_surroundings_spells_no_secret() -> None:
    with covered("]cdef"):
        assert redact("]cdefcdef") == MARK


def test_a_short_secret_is_taken_out_where_it_stands_alone() -> None:
    with covered("abc"):
        assert redact("pin abc, abcdef, abc") == f"pin {MARK}, abcdef, {MARK}"


def test_a_short_secret_does_not_turn_every_file_into_a_find() -> None:
    with covered("7"):
        assert not live_in(b"17 controls, 27 pages")


@pytest.mark.parametrize("hostile", ["\\" * 200_000, "%25" * 60_000, "&amp;" * 40_000])
def test_a_hostile_text_takes_no_time_worth_mentioning(hostile: str) -> None:
    with covered('\\"%&\\x'):
        started = time.perf_counter()
        redact(hostile)
        assert time.perf_counter() - started < 2


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"got {JWT} back", f"got {MARK} back"),
        ("li_at=AQEDATg7 and on", f"li_at={MARK} and on"),
        ('{"JSESSIONID": "ajax:0123456789"}', '{"JSESSIONID": "' + MARK + '"}'),
        ("csrf-token: ajax:0123456789", f"csrf-token: {MARK}"),
        ("/callback?access_token=0123456789&state=1", f"/callback?access_token={MARK}&state=1"),
        ('cookie: lang=en; b="v=2&x"; li_at=AQ', f"cookie: {MARK}"),
        ("Set-Cookie: a=b; Path=/\r\nDate: now", f"Set-Cookie: {MARK}\r\nDate: now"),
        ("{'cookie': 'a=\"b\"; c=d', 'x': 1}", "{'cookie': '" + MARK + "', 'x': 1}"),
        ('{"Cookie": "a=\\"b\\"; c=d", "x": 1}', '{"Cookie": "' + MARK + '", "x": 1}'),
        ("Authorization: Bearer abc.def", f"Authorization: {MARK}"),
        ('{"authorization":"Basic YWRhOnB3"}', '{"authorization":"' + MARK + '"}'),
        ('Authorization: Digest username="ada", response="0"', f"Authorization: {MARK}"),
        ('"otpauth://totp/x?secret=ABCD&issuer=Y"', f'"{MARK}"'),
    ],
)
def test_tokens_are_known_by_their_look(text: str, clean: str) -> None:
    assert redact(text) == clean
    assert found_in(text)
    assert not found_in(clean)


@pytest.mark.parametrize(
    "text",
    [
        "Cookie: manage your preferences",
        "authorization: given by the works council",
        "sid=3",
        "eyJ is how JSON looks in base64",
        "linkedin/ai-training:ada@example.org opted-out",
    ],
)
def test_plain_words_are_not_taken_for_tokens(text: str) -> None:
    assert redact(text) == text


def run(script: str) -> subprocess.CompletedProcess[str]:
    preface = """
import logging, sys, threading
from optout.accounts.redact import install
from optout.accounts.secret import Secret
logging.basicConfig(format="%(message)s", stream=sys.stderr)
install(); install()
late = logging.getLogger("late"); late.propagate = False
late.addHandler(logging.StreamHandler())
pw = Secret("hunter" + "22!").reveal()
"""
    return subprocess.run(
        [sys.executable, "-c", preface + script], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "script",
    [
        "logging.warning('typed ' + pw)",
        "logging.warning('typed %s', pw)",
        "logging.warning('typed %(it)s', {'it': pw})",
        "logging.warning('typed %s%s', pw[:3], pw[3:])",
        "logging.warning('typed %d %d', pw)",
        "logging.warning(ValueError(pw))",
        "late.error('a logger with a handler of its own: %s', pw)",
        "try: raise ValueError(pw)\nexcept ValueError: logging.exception('it broke')",
        "try: raise ValueError(pw)\nexcept ValueError: late.exception('it broke')",
        "raise ValueError(pw)",
        "raise ValueError('outer') from KeyError(pw)",
        "def f(): raise ValueError(pw)\nt = threading.Thread(target=f); t.start(); t.join()",
        "class C:\n def __del__(self): raise ValueError(pw)\nC()",
    ],
)
def test_what_python_prints_itself_is_redacted(script: str) -> None:
    ended = run(script)
    assert "hunter22!" not in ended.stdout + ended.stderr
    assert MARK in ended.stderr


def test_a_log_line_without_secrets_keeps_its_arguments() -> None:
    script = """
class ByArgument(logging.Formatter):
    def format(self, record): return "first argument: " + record.args[0]
late.handlers[0].setFormatter(ByArgument())
late.error("%s %s", "127.0.0.1", 200)
"""
    assert run(script).stderr == "first argument: 127.0.0.1\n"


def test_an_uncaught_error_without_secrets_still_has_its_traceback() -> None:
    ended = run("raise ValueError('as usual')")
    assert ended.returncode == 1
    assert "Traceback (most recent call last)" in ended.stderr
    assert ended.stderr.endswith("ValueError: as usual\n")


@pytest.mark.parametrize(
    ("environ", "left", "removed"),
    [
        ({"DEBUG": "pw:api"}, {}, {"DEBUG": "pw:api"}),
        ({"DEBUG": "express,pw:protocol x"}, {"DEBUG": "express,x"}, {"DEBUG": "pw:protocol"}),
        ({"DEBUG": "*"}, {}, {"DEBUG": "*"}),
        ({"DEBUG": "p*,web*"}, {"DEBUG": "web*"}, {"DEBUG": "p*"}),
        ({"DEBUG": "1", "HOME": "/x"}, {"DEBUG": "1", "HOME": "/x"}, {}),
        ({"PWDEBUG": "1"}, {}, {"PWDEBUG": "1"}),
        ({"DEBUGP": ""}, {}, {"DEBUGP": ""}),
        ({}, {}, {}),
    ],
)
def test_playwrights_own_debug_output_is_switched_off(
    environ: dict[str, str], left: dict[str, str], removed: dict[str, str]
) -> None:
    assert quiet_playwright_debug(environ) == removed
    assert environ == left


def test_unsafe_debugging_is_left_alone_where_it_is_asked_for() -> None:
    environ = {"DEBUG": "pw:api", "OPTOUT_UNSAFE_DEBUG": "1"}
    assert quiet_playwright_debug(environ) == {}
    assert environ["DEBUG"] == "pw:api"
