"""Messages that really arrive, wait where they are refused, and hold no secret."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from optout.accounts.keyring_store import KeyringStore
from optout.accounts.secret import Secret
from optout.errors import UsageProblem
from optout.home import Home
from optout.ledger.notifications import (
    Channel,
    add_channel,
    list_channels,
    post_message,
    remove_channel,
    waiting,
)
from optout.ledger.open import open_ledger
from optout.model import SecretKind, SecretSource
from optout.watch.notify.address import check_url, shown
from optout.watch.notify.message import News
from optout.watch.notify.outbox import send, send_waiting
from tests.watch.receivers import mail_server, web_hook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.ledger.ledger import Ledger
    from tests.watch.receivers import Hook, MailBox

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
COUNTS = {"came-back-on": 2, "signed-out": 1}


@pytest.fixture
def mailbox() -> Iterator[MailBox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_hook() as served:
        yield served


@dataclass
class Office:
    """An installation that tells people, a run a day."""

    ledger: Ledger
    folder: Path
    days: Iterator[int] = field(default_factory=itertools.count)

    def channel(self, name: str, url: str) -> Channel:
        """A channel whose URL a program prints."""
        file = self.folder / name
        file.write_text(f"{url}\n")
        source = SecretSource(SecretKind.COMMAND, ("cat", str(file)))
        made = Channel(name, "", source, NOW)
        add_channel(self.ledger, made)
        return made

    def run(self, **counts: int) -> list[str]:
        """A run that has found something."""
        day = next(self.days)
        news = News(f"run{day}", NOW + timedelta(days=day), looked=40, counts=counts)
        post_message(self.ledger, news.run, news.title, news.text, news.at)
        return self.retry()

    def retry(self) -> list[str]:
        return send_waiting(self.ledger, KeyringStore(), lambda: NOW)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_ledger(Home.at(tmp_path / "home")) as ledger:
        yield Office(ledger, tmp_path)


def test_a_mail_arrives_with_counts_and_the_run(office: Office, mailbox: MailBox) -> None:
    office.channel("mail", mailbox.url)
    assert office.run(**COUNTS) == []
    (mail,) = mailbox.mails
    body = mail.get_body(("plain",))
    assert mail["Subject"] == "optout: 2 came back on; 1 signed out, so not seen"
    assert body is not None
    assert body.get_content().splitlines()[:4] == [
        "Run run0 of 2026-11-22 09:00 UTC looked at 40 settings.",
        "",
        "- 2 came back on",
        "- 1 signed out, so not seen",
    ]


def test_a_web_hook_is_told_the_same(office: Office, hook: Hook) -> None:
    office.channel("team", hook.url)
    assert office.run(**COUNTS) == []
    (post,) = hook.posts
    assert post["title"] == "optout: 2 came back on; 1 signed out, so not seen"
    assert "\n- 2 came back on\n" in post["message"]
    assert "@" not in f"{post}"


def test_what_was_refused_is_recorded_and_arrives_at_the_next_run(
    office: Office, mailbox: MailBox, hook: Hook
) -> None:
    office.channel("mail", mailbox.url)
    office.channel("team", hook.url)
    mailbox.refuses = hook.refuses = True
    problems = office.run(**COUNTS)
    assert [problem.split(" ")[0] for problem in problems] == ["mail", "team"]
    assert all("sent again at the next run" in problem for problem in problems)
    assert [(each.channel, each.attempts) for each in waiting(office.ledger)] == [
        ("mail", 1),
        ("team", 1),
    ]
    mailbox.refuses = hook.refuses = False
    assert office.run(fixed=2) == []
    assert [mail["Subject"][:23] for mail in mailbox.mails] == [
        "optout: 2 came back on;",
        "optout: 2 came back on,",
    ]
    assert (len(hook.posts), waiting(office.ledger)) == (2, [])


def test_one_channel_that_refuses_does_not_keep_another_from_being_told(
    office: Office, mailbox: MailBox, hook: Hook
) -> None:
    office.channel("mail", mailbox.url)
    office.channel("team", hook.url)
    mailbox.refuses = True
    assert len(office.run(**COUNTS)) == 1
    assert len(hook.posts) == 1


def test_nobody_is_told_twice(office: Office, hook: Hook) -> None:
    office.channel("team", hook.url)
    office.run(**COUNTS)
    post_message(office.ledger, "run0", "again", "again", NOW)
    assert (office.retry(), len(hook.posts)) == ([], 1)


def test_what_waits_for_a_channel_goes_with_it(office: Office, hook: Hook) -> None:
    hook.refuses = True
    office.channel("team", hook.url)
    office.run(**COUNTS)
    assert remove_channel(office.ledger, "team")
    assert (waiting(office.ledger), list_channels(office.ledger), office.retry()) == ([], [], [])


def test_a_problem_tells_nothing_of_a_url(office: Office, hook: Hook, mailbox: MailBox) -> None:
    mailbox.refuses = True
    office.channel("mail", mailbox.url)
    office.channel("team", hook.url.replace("127.0.0.1", "localhost").replace("json", "jsons"))
    said = " ".join(office.run(**COUNTS) + [each.problem for each in waiting(office.ledger)])
    parts = ("T0KEN", "services", "localhost", "127.0.0.1", "dpo-mailbox", "example.org")
    assert [part for part in parts if part in said] == []
    assert "[secret]" in said


def test_nobody_at_home_is_a_problem_and_not_an_error(office: Office) -> None:
    channel = office.channel("team", "json://127.0.0.1:9/hook")
    assert "Connection error" in send(channel, KeyringStore(), "title", "text")


def test_a_program_that_prints_no_url_is_named(office: Office) -> None:
    channel = Channel("team", "", SecretSource(SecretKind.COMMAND, ("false",)), NOW)
    assert "'false' gave no secret" in send(channel, KeyringStore(), "title", "text")


@pytest.mark.parametrize("url", ["hello", "nonsense://T0KEN", "slack://T0KEN", "json://"])
def test_what_nobody_can_be_told_by_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        check_url(Secret(url))
    assert "T0KEN" not in str(refused.value)


def test_a_url_is_shown_by_its_service_alone() -> None:
    assert shown(check_url(Secret("json://ada:T0KEN@hooks.example.org/p"))) == "json://…"


def test_a_message_about_missed_runs_says_between_when() -> None:
    missed = tuple(datetime(2026, 11, day, 9) for day in (1, 8, 15))  # noqa: DTZ001 - on the wall
    news = News("run0", NOW, missed=missed)
    assert news.title == "optout: 3 scheduled runs missed"
    assert "between 2026-11-01 09:00 and 2026-11-15 09:00" in news.text


def test_a_run_without_news_is_not_told() -> None:
    assert not News("run0", NOW, looked=40)


def test_a_run_on_a_practice_site_says_so() -> None:
    assert News("run0", NOW, counts=COUNTS, practice=True).title.startswith("optout: practice site: 2 ")
