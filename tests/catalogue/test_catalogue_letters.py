"""Letters: filled from the account, plain about what is missing, and the same in every form."""

from __future__ import annotations

import email
import email.policy
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from optout.catalogue.entry import Letter, Need
from optout.catalogue.letters import write_letter
from optout.errors import UsageProblem

ADA = "ada+ä@example.org"
LETTER = Letter(
    to="privacy@example.org",
    subject="Opt-out of {space}",
    body="Hello,\n\nI am {login} & own {space}: 100 %.\n",
    needs=(Need(name="space", what="your space", example="acme"),),
)


def test_a_letter_is_filled_from_the_account_and_what_the_person_says() -> None:
    draft = write_letter(LETTER, ADA, {"space": "{acme}"})
    assert draft.subject == "Opt-out of {acme}"
    assert draft.body == f"Hello,\n\nI am {ADA} & own {{acme}}: 100 %.\n"
    assert draft.missing == ()


def test_what_nobody_said_stands_in_brackets_and_is_named() -> None:
    draft = write_letter(LETTER, "", {})
    assert "I am [your account] & own [your space]" in draft.body
    assert [need.name for need in draft.missing] == ["space", "login"]


def test_the_link_and_the_file_hold_the_same_letter() -> None:
    draft = write_letter(LETTER, ADA, {"space": "acme & co? #1"})
    link = urlsplit(draft.mailto)
    fields = parse_qs(link.query, strict_parsing=True)
    message = email.message_from_bytes(draft.eml, policy=email.policy.default)
    assert (unquote(link.path), fields["subject"], fields["body"]) == (
        draft.to,
        [draft.subject],
        [draft.body.replace("\n", "\r\n")],
    )
    assert (message["To"], message["Subject"]) == (draft.to, draft.subject)
    assert message.get_content().splitlines() == draft.body.splitlines()
    assert message["X-Unsent"] == "1"
    assert "+" not in draft.mailto  # which mail programs would show as it is


def test_a_letter_without_a_known_address_is_addressed_to_nobody() -> None:
    draft = write_letter(Letter(subject="x", body="{login}"), ADA, {})
    assert draft.mailto.startswith("mailto:?subject=")
    assert b"To:" not in draft.eml


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"spce": "x"}, 'does not ask for "spce"; expected one of space'),
        ({"login": "mallory@example.org"}, 'does not ask for "login"'),
        ({"space": "x\nBcc: all@example.org"}, "control characters"),
        ({"space": "x\u2028y"}, "control characters"),
        ({"space": "  "}, "found nothing"),
        ({"space": "x" * 301}, "301 characters"),
    ],
)
def test_what_cannot_stand_in_a_letter_is_refused(filled: dict[str, str], said: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        write_letter(LETTER, ADA, filled)
    assert said in str(caught.value)
