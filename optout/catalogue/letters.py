"""Drafts of letters, which the person sends and optout never does."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING
from urllib.parse import quote

from optout.catalogue.entry import Need
from optout.catalogue.rules import LOGIN
from optout.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optout.catalogue.entry import Letter

_LONGEST = 300
_ACCOUNT = Need(name=LOGIN, what="your account", example="ada@example.org")


@dataclass(frozen=True)
class Draft:
    """A letter, ready to be read and sent.

    Attributes:
        to: its address; empty where none is known.
        subject: one line.
        body: plain text.
        missing: what still stands in square brackets, because nobody said it.
    """

    to: str
    subject: str
    body: str
    missing: tuple[Need, ...] = ()

    @property
    def mailto(self) -> str:
        """The draft as a link that opens in a mail program (RFC 6068)."""
        body = self.body.replace("\n", "\r\n")
        fields = f"subject={quote(self.subject, safe='')}&body={quote(body, safe='')}"
        return f"mailto:{quote(self.to, safe='@')}?{fields}"

    @property
    def eml(self) -> bytes:
        """The draft as a file that mail programs open as one not sent yet."""
        message = EmailMessage(policy=SMTP)
        if self.to:
            message["To"] = self.to
        message["Subject"] = self.subject
        message["X-Unsent"] = "1"
        message.set_content(self.body, charset="utf-8")
        return message.as_bytes()


def write_letter(letter: Letter, login: str, filled: Mapping[str, str]) -> Draft:
    """Fill a letter in.

    Args:
        letter: from the catalogue.
        login: the account's; empty where there is none.
        filled: what the person said, by the letter's placeholders.

    Raises:
        UsageProblem: a value is for nothing, empty, too long, or more than one line.
    """
    needs = {need.name: need for need in (*letter.needs, _ACCOUNT)}
    for name, value in filled.items():
        _check(name, value, [need.name for need in letter.needs])
    given = {**filled, **({LOGIN: login} if login else {})}
    values = {name: given.get(name, f"[{need.what}]") for name, need in needs.items()}
    text = letter.subject + letter.body
    return Draft(
        to=letter.to,
        subject=letter.subject.format_map(values),
        body=letter.body.strip().format_map(values) + "\n",
        missing=tuple(need for name, need in needs.items() if name not in given and _in(name, text)),
    )


def _in(name: str, text: str) -> bool:
    return f"{{{name}}}" in text


def _check(name: str, value: str, known: list[str]) -> None:
    if name not in known:
        raise UsageProblem(
            f'the letter does not ask for "{name}"',
            expected=f"one of {', '.join(known)}" if known else "nothing to be filled in",
        )
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in value):
        found = "line breaks or other control characters"
    elif not value.strip():
        found = "nothing"
    elif len(value) > _LONGEST:
        found = f"{len(value)} characters"
    else:
        return
    raise UsageProblem(
        f'what is given for "{name}" cannot stand in a letter',
        expected=f"one line of at most {_LONGEST} characters",
        found=found,
    )
