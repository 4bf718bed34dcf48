from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import traceback
from typing import TYPE_CHECKING

import pytest

from optout.accounts.redact import MARK, redact
from optout.accounts.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEXT = "tr0ub4dor&3"


@pytest.fixture
def secret() -> Iterator[Secret]:
    secret = Secret(TEXT)
    yield secret
    secret.forget()


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        "{}".format,
        "{:>40}".format,
        "{!r}".format,
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - logging still does it this way
        lambda secret: f"{secret} {[secret]} { ({'a': secret}) }",
        lambda secret: logging.makeLogRecord({"msg": "%s", "args": (secret,)}).getMessage(),
        lambda secret: "".join(traceback.format_exception(ValueError(secret))),
    ],
)
def test_no_way_of_printing_shows_it(show: Callable[[Secret], str], secret: Secret) -> None:
    shown = show(secret)
    assert TEXT not in shown
    assert "Secret(…)" in shown


@pytest.mark.parametrize(
    "take",
    [
        copy.copy,
        copy.deepcopy,
        pickle.dumps,
        lambda secret: pickle.dumps(secret, protocol=0),
        json.dumps,
        hash,
        vars,
        lambda secret: dataclasses.asdict(dataclasses.make_dataclass("D", ["s"])(secret)),
    ],
)
def test_it_is_not_copied_pickled_or_serialised(
    take: Callable[[Secret], object], secret: Secret
) -> None:
    with pytest.raises(TypeError):
        take(secret)


def test_reveal_is_the_way_out(secret: Secret) -> None:
    assert secret.reveal() == TEXT


def test_equal_texts_are_equal_secrets(secret: Secret) -> None:
    twin = Secret(TEXT)
    assert twin == secret
    twin.forget()


def test_a_secret_is_never_equal_to_a_plain_text(secret: Secret) -> None:
    assert secret != TEXT


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be empty"):
        Secret("")


def test_the_redactor_knows_it_from_the_first_moment(secret: Secret) -> None:
    assert redact(f"typed {TEXT}.") == f"typed {MARK}."


def test_the_redactor_still_knows_it_after_the_last_reference_is_gone() -> None:
    Secret("left-behind-secret")
    assert redact("left-behind-secret") == MARK


def test_a_forgotten_secret_is_not_revealed() -> None:
    secret = Secret("soon-forgotten")
    secret.forget()
    with pytest.raises(ValueError, match="forgotten"):
        secret.reveal()


def test_the_redactor_drops_a_forgotten_secret() -> None:
    secret = Secret("soon-forgotten")
    secret.forget()
    secret.forget()
    assert redact("soon-forgotten") == "soon-forgotten"


def test_forgetting_one_of_two_equal_secrets_keeps_the_other_covered() -> None:
    first, second = Secret("held-twice"), Secret("held-twice")
    first.forget()
    assert redact("held-twice") == MARK
    second.forget()
