"""What a visit leaves behind: everything that was read, and nothing that is secret."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.evidence.bundle import check_bundle
from optout.evidence.discreet import without_tokens
from optout.model import Account, Outcome, Why
from tests.workshop import flow as shapes
from tests.workshop.site import CANARY, COOKIE
from tests.workshop.work import Work, record_of, workshop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.model import Result
    from optout.visit.browser import OpenBrowser

PASSWORD = "canary-horse-7-battery"
_QUERY = re.compile(r"[?&][\w.-]+=")


@pytest.fixture
def work(fenced_browser: OpenBrowser, tmp_path: Path) -> Iterator[Work]:
    yield from workshop(fenced_browser, tmp_path)


async def signed_in_by_the_tool(work: Work) -> Result:
    """A run that types a password, on a page with fields full of secrets."""
    account = work.add()
    account.password = PASSWORD
    credentials = Credentials(Account("workshop", account.login), password=Secret(PASSWORD))
    return await work.run(shapes.FAR, signed_in=False, credentials=credentials)


def contents(result: Result) -> dict[str, bytes]:
    assert result.evidence is not None
    return {file.name: file.read_bytes() for file in result.evidence.iterdir()}


async def test_a_bundle_has_a_record_two_pictures_their_trees_and_a_manifest(work: Work) -> None:
    work.add()
    result = await work.run(shapes.AUTO)
    assert sorted(contents(result)) == [
        *("after.png", "after.snapshot.yml", "before.png", "before.snapshot.yml"),
        *("manifest.sha256", "record.json"),
    ]


async def test_the_result_names_its_bundle_and_its_digest(work: Work) -> None:
    work.add()
    result = await work.run(shapes.AUTO)
    assert result.evidence is not None
    assert check_bundle(result.evidence).digest == result.evidence_digest


async def test_the_record_says_what_was_read_and_done(work: Work) -> None:
    work.add()
    record = record_of(await work.run(shapes.AUTO))
    assert (record["schema"], record["platform"], record["setting"]) == (
        "optout-record/1",
        "workshop",
        "auto",
    )
    assert [record["before"][0]["reading"], record["after"][0]["reading"]] == ["in", "out"]
    assert (record["changed_by"], record["practice"], record["outcome"]) == ("tool", True, "opted-out")
    assert record["writes"] == [{"method": "PUT", "path": "/api/auto", "status": 200}]


async def test_each_reading_says_when_by_both_clocks_and_who_was_signed_in(work: Work) -> None:
    work.add()
    (step,) = record_of(await work.run(shapes.AUTO))["after"]
    assert (step["signed_in_as"], step["picture"]) == ("Ada Example", "after.png")
    assert step["at"].endswith("+00:00")
    assert step["server_date"].endswith("GMT")


async def test_a_password_that_was_typed_is_in_no_file(work: Work) -> None:
    result = await signed_in_by_the_tool(work)
    assert result.outcome is Outcome.OPTED_OUT
    assert not [name for name, content in contents(result).items() if PASSWORD.encode() in content]


async def test_a_secret_that_stands_in_a_field_of_the_page_is_in_no_file(work: Work) -> None:
    result = await signed_in_by_the_tool(work)
    assert not [name for name, content in contents(result).items() if CANARY.encode() in content]


async def test_no_cookie_and_no_query_is_in_a_file(work: Work) -> None:
    account = work.add()
    session = work.server.site.app.app.app.state.sessions  # type: ignore[attr-defined]
    result = await work.run(shapes.FAR)
    tokens = [each.token for each in session._by_token.values() if each.account is account]
    texts = [content.decode() for name, content in contents(result).items() if not name.endswith("png")]
    assert tokens
    assert not [text for text in texts if COOKIE + "=" in text or any(each in text for each in tokens)]
    assert not [text for text in texts if _QUERY.search(text)]


async def test_a_query_in_an_address_is_not_in_what_goes_wrong_either(work: Work) -> None:
    work.add()
    result = await work.run(
        shapes.setting("far", shapes.FAR.control, places=("/settings/broken?token=1234567",))
    )
    assert result.outcome is Outcome.UNREACHABLE
    assert "token" not in json.dumps(record_of(result)) + result.reason


async def test_where_the_evidence_cannot_be_kept_the_result_does_not_count(work: Work) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no limit of this kind")
    work.add()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        result = await work.run(shapes.AUTO)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (result.outcome, result.why) == (Outcome.FAILED, Why.EVIDENCE_NOT_WRITTEN)
    assert (result.evidence, result.evidence_digest) == (None, "")
    assert list((work.folder / work.last.login).iterdir()) == []


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/mypreferences/d/settings/data-for-ai-improvement", None),
        ("/checkpoint/challenge/AgGx7kQ2TzFw9dLmN0pR3s", "/checkpoint/challenge/…"),
        ("/checkpoint/challengesV2/AQHt_xy-Z1234567890abcdef==", "/checkpoint/challengesV2/…"),
    ],
)
def test_a_token_in_a_path_is_not_kept(path: str, shown: str | None) -> None:
    assert without_tokens(path) == (shown or path)
