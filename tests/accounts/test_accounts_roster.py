"""Rosters as people, spreadsheets and attackers write them."""

from __future__ import annotations

import io
from datetime import date

import pytest

from optout.accounts.roster import MOST_ROWS, Roster
from optout.accounts.roster_text import LONGEST_LINE, Fault
from optout.accounts.secret_columns import secret_word
from optout.errors import UsageProblem
from optout.ledger.mandates import Mandate
from optout.ledger.roster import Entry
from optout.model import Account

PLATFORMS = ("linkedin", "x")
TODAY = date(2026, 11, 22)
CANARY = "Hunter2-canary"
MANDATED = "platform,login,mandate_by,mandate_on,mandate_where,mandate_until\n"


def read(content: str | bytes) -> list[Entry | Fault]:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return list(Roster(file, PLATFORMS, TODAY))


def fault(content: str | bytes) -> Fault:
    (found,) = read(content)
    assert isinstance(found, Fault), found
    return found


def entry(content: str | bytes) -> Entry:
    (found,) = read(content)
    assert isinstance(found, Entry), found
    return found


def refused(content: str | bytes) -> str:
    with pytest.raises(UsageProblem) as problem:
        read(content)
    assert CANARY not in str(problem.value)
    assert problem.value.next_step
    return str(problem.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_is_read_as_spreadsheets_write_it(encoding: str, delimiter: str, end: str) -> None:
    rows = (
        ("Platform", "Login", "Name"),
        ("LinkedIn", " ada@example.org ", "Ada, Gräfin; von Lovelace"),
    )
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows) + end
    found = entry(text.encode(encoding))
    assert found == Entry(2, Account("linkedin", "ada@example.org"), "Ada, Gräfin; von Lovelace")


def test_excels_line_about_the_delimiter_and_empty_lines_are_passed_over() -> None:
    (found,) = read("sep=;\n\nplatform;login\n\nx;ada\n;\n")
    assert isinstance(found, Entry)
    assert found.line == 5


def test_a_line_break_in_quotes_belongs_to_its_cell_and_lines_are_still_counted_right() -> None:
    first, second = read('platform,login,name,notes\nx,ada,"Ada\nLovelace","a\nb"\nx,bob!,,\x00\n')
    assert isinstance(first, Entry)
    assert (first.line, first.name) == (2, "Ada Lovelace")
    assert (second.line, isinstance(second, Entry)) == (5, True)


def test_what_a_row_does_not_say_is_told_from_what_it_says_is_empty() -> None:
    assert entry("platform,login\nx,ada\n").group is None
    assert entry("platform,login,group\nx,ada,\n").group == ""


@pytest.mark.parametrize(
    "column",
    [
        *(
            "password",
            "Pass Word",
            "PASSWORT",
            "Kennwort",
            "mot_de_passe",
            "Contraseña",
            "senha",
            "Пароль",
        ),
        *(
            "密码",
            "パスワード",
            "비밀번호",
            "wachtwoord",
            "lösenord",
            "hasło",
            "şifre",
            "pwd",
            "PIN",
            "Login-PW",
        ),
        *(
            "TOTP",
            "otp",
            "2FA",
            "totpSecret",
            "client_secret",
            "clientsecret",
            "Seed",
            "api-key",
            "API Token",
        ),
        *("cookie", "Session ID", "recovery codes", "ｐａｓｓｗｏｒｄ", "pass\u200bword", "Credentials"),
    ],
)
def test_a_column_that_looks_like_a_secret_is_refused_without_a_value(column: str) -> None:
    said = refused(f"platform,login,{column}\nx,ada,{CANARY}\n")
    assert "column 3" in said
    assert "account secrets" in said


@pytest.mark.parametrize(
    "column", ["name", "Secretary", "footprint", "opinion", "cost centre", "passport holder since"]
)
def test_other_columns_are_no_secrets(column: str) -> None:
    assert secret_word(column) == ""


def test_a_header_that_is_somebodys_row_is_not_repeated() -> None:
    assert "platform and login" in refused(f"linkedin,ada@example.org,{CANARY}\n")
    assert "platform and login" in refused(f"{CANARY}\n")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("platform,login,platform", "twice"),
        ("platform,login,gruop", "nearly called group"),
        ("platform,login,mandate_by,mandate_on", "no mandate_where"),
        ("platform,login,mandate_until", "no mandate_by and no mandate_on"),
    ],
)
def test_a_header_that_would_be_misread_is_refused(header: str, said: str) -> None:
    assert said in refused(f"{header}\n")


def test_columns_that_are_not_read_are_named() -> None:
    roster = Roster(io.BytesIO(b"platform,login,Cost centre\nx,ada,7\n"), PLATFORMS, TODAY)
    assert roster.ignored == ("Cost centre",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "workbook"),
        (b"", "found nothing"),
        ("platform,login\nx,ada\n".encode("utf-16-le"), "UTF-16 without its mark"),
        (f"platform,login\nx,{'a' * LONGEST_LINE}".encode(), "line 2 with more than"),
        (b"plattform,l\xf6gin\n", "not in UTF-8"),
    ],
)
def test_what_is_no_roster_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    assert said in refused(content)


def test_a_line_of_a_gigabyte_is_not_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            chunk = b"platform,login\n" if not self.given else b"a" * len(buffer)
            buffer[: len(chunk)] = chunk
            self.given += len(chunk)
            return len(chunk)

    file = Endless()
    with pytest.raises(UsageProblem, match="line 2 with more than"):
        list(Roster(io.BufferedReader(file), PLATFORMS, TODAY))  # type: ignore[type-var]
    assert file.given < 10 * LONGEST_LINE


def test_more_rows_than_any_roster_has_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ROWS >= 100_000
    monkeypatch.setattr("optout.accounts.roster.MOST_ROWS", 2)
    assert "more than 2 rows" in refused("platform,login\nx,a\nx,b\nx,c\n")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,", "it has nothing"),
        ("linkedn,ada", "did you mean linkedin"),
        ("../x,ada", "none that optout knows"),
        (f"{CANARY},ada", "see: optout platforms"),
        (",ada", "no platform"),
        ("x,ada,more", "3 cells, and the header 2"),
        ("x", "1 cells, and the header 2"),
        (f"x,{'a' * 300}", "300 characters, of at most 254"),
        ("x,a\0da", "U+0000"),
        ("x,ada\u202egro.elpmaxe", "U+202E"),
        ("x,ad\u200ba", "U+200B"),
        ("x,=cmd|'/c calc'!A1", "begins with '='"),
        ("x,+cmd", "begins with '+'"),
        ("x,ａｄａ", "only look like"),
        ("x,\u0430da@example.org", "mixes CYRILLIC and LATIN"),
        (f"x,{CANARY} {CANARY}", "white space inside it"),
        ("x,../../etc", "'/'"),
        ('x,"ada', "quotes do not match"),
        ('x,"ada"b', "quotes do not match"),
        (f"x,otpauth://totp/x?secret={CANARY}", "authenticator's seed"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_its_line_and_without_its_cells(
    row: str, said: str
) -> None:
    found = fault(f"platform,login\n{row}\n")
    assert found.line == 2
    assert said in found.reason
    assert CANARY not in found.reason


@pytest.mark.parametrize("login", ["+4915112345678", "@ada_l", "CON", "ада", "a+b@example.org"])
def test_logins_that_are_ones_are_taken(login: str) -> None:
    assert entry(f"platform,login\nx,{login}\n").account.login == login


@pytest.mark.parametrize(
    ("cell", "said"),
    [("=1+1", "formula"), ("＝1", "formula"), ("g\u202eroup", "U+202E"), ("g" * 201, "201 characters")],
)
def test_a_group_or_name_that_is_not_only_text_is_refused(cell: str, said: str) -> None:
    assert said in fault(f"platform,login,group\nx,ada,{cell}\n").reason
    assert said in fault(f"platform,login,name\nx,ada,{cell}\n").reason


def test_bytes_that_are_not_utf8_cost_their_own_row_only() -> None:
    broken, good = read(b"platform,login,name\nx,ada,M\xfcller\nx,bob,Bob\n")
    assert isinstance(broken, Fault)
    assert (broken.line, "CSV UTF-8" in broken.reason) == (2, True)
    assert isinstance(good, Entry)


@pytest.mark.parametrize("again", ["ada@example.org", "ADA@Example.org", " ada@example.org"])
def test_an_account_that_stands_there_twice_is_named_with_both_lines(again: str) -> None:
    first, second = read(f"platform,login\nx,ada@example.org\nx,{again}\n")
    assert isinstance(first, Entry)
    assert isinstance(second, Fault)
    assert (second.line, "line 2" in second.reason) == (3, True)


def test_the_same_login_on_two_platforms_is_two_accounts() -> None:
    assert all(isinstance(each, Entry) for each in read("platform,login\nx,ada\nlinkedin,ada\n"))


def test_the_columns_of_a_mandate_make_one() -> None:
    found = entry(f"{MANDATED}x,ada,Grace Hopper,2026-11-01,agreement 7,2027-10-31\n")
    assert found.mandate == Mandate("Grace Hopper", date(2026, 11, 1), "agreement 7", date(2027, 10, 31))
    assert entry(f"{MANDATED}x,ada,,,,\n").mandate is None


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (",2026-11-01,there,", "who gave it"),
        ("Grace,,,", "when it was given and where it is written down"),
        (",,,2027-01-01", "who gave it"),
        ("Grace,01/11/2026,there,", "not a day such as"),
        ("Grace,2026-02-30,there,", "not a day such as"),
        ("Grace,2026-12-24,there,", "still to come"),
        ("Grace,2026-11-01,there,2026-10-31", "ends before it was given"),
        ("=Grace,2026-11-01,there,", "formula"),
    ],
)
def test_half_a_mandate_is_none(cells: str, said: str) -> None:
    assert said in fault(f"{MANDATED}x,ada,{cells}\n").reason
