from __future__ import annotations

import base64
import hmac
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.accounts.credentials import Credentials, OneTimeCode
from optout.accounts.keyring_store import KeyringStore
from optout.accounts.redact import MARK, redact
from optout.accounts.secret import Secret
from optout.accounts.seeds import parse_seed
from optout.errors import NotUsableHere, SecretUnavailable
from optout.model import Account, SecretKind, SecretSource, Why

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = Account("linkedin", "ada@example.org")
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SPACED = "jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp"
NO_KEYRING = KeyringStore(environ={"OPTOUT_KEYRING_BACKEND": "keyring.backends.null.Keyring"})
KEYRING = SecretSource(SecretKind.KEYRING)
START = 1_800_000_000  # a multiple of 30 and of 60


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(START + seconds, UTC)


def prints(script: str) -> SecretSource:
    return SecretSource(SecretKind.COMMAND, (sys.executable, "-c", script))


def with_seed(seed: str) -> Credentials:
    return Credentials(ACCOUNT, totp=Secret(seed))


def code_of(credentials: Credentials, now: datetime) -> OneTimeCode:
    code = credentials.one_time_code(now)
    assert code is not None
    return code


def test_a_password_given_in_memory_is_the_password() -> None:
    credentials = Credentials(ACCOUNT, password=Secret("demo password"))
    assert credentials.can_sign_in
    assert credentials.password().reveal() == "demo password"


def test_a_password_is_asked_for_each_time(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    script = f"f = open({str(calls)!r}, 'a+'); f.write('x'); f.seek(0); print('pw-' + f.read())"
    credentials = Credentials(ACCOUNT, password=prints(script))
    assert [credentials.password().reveal() for _ in range(2)] == ["pw-x", "pw-xx"]


def test_without_a_source_there_is_no_password_and_the_person_is_told_what_to_do() -> None:
    credentials = Credentials(ACCOUNT)
    assert not credentials.can_sign_in
    with pytest.raises(
        SecretUnavailable, match=r"optout run linkedin:ada@example\.org --mode attended"
    ) as need:
        credentials.password()
    assert need.value.why is Why.NO_CREDENTIALS


def test_a_keyring_that_cannot_be_used_is_an_error_and_not_a_missing_password() -> None:
    with pytest.raises(NotUsableHere, match="no keyring can be used here"):
        Credentials(ACCOUNT, password=KEYRING, store=NO_KEYRING).password()


def test_without_a_source_for_codes_there_is_no_code() -> None:
    assert Credentials(ACCOUNT, password=Secret("password")).one_time_code(at(0)) is None


@given(seconds=st.floats(min_value=0, max_value=26), start=st.integers(0, 10**8))
def test_a_code_is_the_one_an_authenticator_shows(seconds: float, start: int) -> None:
    now = datetime.fromtimestamp(start * 30 + seconds, UTC)
    code = code_of(with_seed(SPACED), now)
    assert code.code.reveal() == pyotp.TOTP(KEY).at(now)
    assert code.fresh_in_s == 0


def test_an_otpauth_address_says_what_its_codes_look_like() -> None:
    address = f"otpauth://totp/Ex:ada?secret={KEY}&algorithm=SHA256&digits=8&period=60&issuer=Ex"
    otp = pyotp.parse_uri(address)
    assert isinstance(otp, pyotp.TOTP)
    assert code_of(with_seed(address), at(45)).code.reveal() == otp.at(at(45))


def test_a_seed_of_80_bits_gives_codes_because_platforms_hand_them_out() -> None:
    # pyotp refuses one this short, so here the steps of RFC 4226 are taken by hand.
    digest = hmac.digest(base64.b32decode("JBSWY3DPEHPK3PXP"), (1).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    code = code_of(with_seed("JBSW Y3DP EHPK 3PXP"), datetime.fromtimestamp(30, UTC))
    assert code.code.reveal() == str(number)[-6:] == "996554"


def test_the_same_code_is_not_given_twice() -> None:
    credentials = with_seed(KEY)
    first, second, third = (code_of(credentials, at(10)) for _ in range(3))
    assert [code.fresh_in_s for code in (first, second, third)] == [0, 20, 50]
    assert second.code.reveal() == pyotp.TOTP(KEY).at(at(30))
    assert third.code.reveal() == pyotp.TOTP(KEY).at(at(60))


def test_a_code_about_to_expire_is_passed_over_for_the_next() -> None:
    code = code_of(with_seed(KEY), at(28))
    assert code.fresh_in_s == 2
    assert code.code.reveal() == pyotp.TOTP(KEY).at(at(30))


def test_a_code_with_just_enough_time_left_is_given() -> None:
    assert code_of(with_seed(KEY), at(27)).fresh_in_s == 0


@pytest.mark.parametrize("printed", ["123456", "123 456", "12345678"])
def test_a_program_may_print_the_finished_code(printed: str) -> None:
    credentials = Credentials(ACCOUNT, totp=prints(f"print({printed!r})"))
    assert code_of(credentials, at(28)).code.reveal() == printed.replace(" ", "")


def test_a_program_that_repeats_its_code_is_not_believed() -> None:
    credentials = Credentials(ACCOUNT, totp=prints("print(123456)"))
    credentials.one_time_code(at(0))
    with pytest.raises(SecretUnavailable, match="the same one-time code as before"):
        credentials.one_time_code(at(1))


def test_a_program_may_print_the_seed() -> None:
    credentials = Credentials(ACCOUNT, totp=prints(f"print({SPACED!r})"))
    assert code_of(credentials, at(0)).code.reveal() == pyotp.TOTP(KEY).at(at(0))


@pytest.mark.parametrize(
    ("seed", "found"),
    [
        ("not-base-32-at-all!", "not written in base32"),
        ("JBSWY3DPEHPK3PX1", "not written in base32"),
        ("12345", "not written in base32"),
        ("otpauth://hotp/x?secret=" + KEY, "not for codes that change with time"),
        ("otpauth://totp/x?issuer=y", "it has no key"),
        (f"otpauth://totp/x?secret={KEY}&digits=99", "an unknown kind"),
        (f"otpauth://totp/x?secret={KEY}&digits=six", "cannot be read"),
        (f"otpauth://totp/x?secret={KEY}&period=0", "an unknown kind"),
        (f"otpauth://totp/x?secret={KEY}&algorithm=MD5", "an unknown kind"),
        ("otpauth://[totp", "cannot be read"),
    ],
)
def test_a_seed_that_cannot_be_used_is_explained_but_not_shown(seed: str, found: str) -> None:
    with pytest.raises(SecretUnavailable, match=found) as failure:
        with_seed(seed).one_time_code(at(0))
    assert seed not in str(failure.value)
    assert KEY not in str(failure.value)
    assert failure.value.__cause__ is None


def test_a_seed_does_not_show_its_key() -> None:
    assert KEY not in repr(parse_seed(Secret(SPACED)))


def test_what_was_handed_out_is_redacted_until_the_visit_is_over() -> None:
    credentials = Credentials(
        ACCOUNT, password=prints("print('open' + 'sesame')"), totp=prints("print(271828)")
    )
    credentials.password()
    credentials.one_time_code(at(0))
    assert redact("opensesame 271828") == f"{MARK} {MARK}"
    credentials.forget()
    assert redact("opensesame 271828") == "opensesame 271828"


def test_both_spellings_of_a_seed_are_redacted() -> None:
    with_seed(SPACED).one_time_code(at(0))
    assert redact(f"{SPACED} / {KEY}") == f"{MARK} / {MARK}"
