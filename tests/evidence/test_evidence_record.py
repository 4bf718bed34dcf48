"""What a visit leaves behind: everything that was read, and nothing that is secret."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.accounts.credentials import Credentials
from optout.accounts.pseudonyms import Pseudonyms
from optout.accounts.secret import Secret
from optout.evidence.bundle import check_bundle
from optout.evidence.discreet import without_tokens
from optout.model import Account, Outcome, Why
from tests.workshop import flow as shapes
from tests.workshop.site import CANARY, COOKIE
from tests.workshop.work import Work, record_of, workshop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.flow import Setting
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


def sha256sum(folder: Path) -> bytes:
    """What the system's own program prints about the sources in a folder."""
    tool = shutil.which("sha256sum") or pytest.skip("this system has no sha256sum")
    names = sorted(file.name for file in folder.glob("*.py"))
    return subprocess.run([tool, *names], cwd=folder, capture_output=True, check=True).stdout


def folders_with_files(root: Path) -> set[Path]:
    return {file.parent for file in root.rglob("*") if file.is_file()}


async def test_a_bundle_has_a_record_two_pictures_their_trees_and_a_manifest(work: Work) -> None:
    work.add()
    result = await work.run(shapes.AUTO)
    assert sorted(contents(result)) == [
        "PROCESS.md",
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
        "optout-record/2",
        "workshop",
        "auto",
    )
    assert [record["before"][0]["reading"], record["after"][0]["reading"]] == ["in", "out"]
    assert record["after_click"] == [
        {"path": "/settings/auto", "control": "Use what I write for training", "state": "off"}
    ]
    assert (record["changed_by"], record["practice"], record["outcome"]) == ("tool", True, "opted-out")
    assert record["writes"] == [{"method": "PUT", "path": "/api/auto", "status": 200}]


@pytest.mark.parametrize(
    ("shape", "state"),
    [(shapes.SELECT, "Disabled"), (shapes.CHOICE, "on"), (shapes.PREVENT, "on"), (shapes.SHADOW, "off")],
    ids=lambda value: getattr(value, "name", value),
)
async def test_what_a_control_stands_on_after_the_click_is_noted_in_every_shape(
    work: Work, shape: Setting, state: str
) -> None:
    work.add("forgets")
    result = await work.run(shape)
    (seen,) = record_of(result)["after_click"]
    assert (seen["state"], result.outcome) == (state, Outcome.NOT_SAVED)


async def test_each_reading_says_when_by_three_clocks_and_has_its_picture(work: Work) -> None:
    work.add()
    record = record_of(await work.run(shapes.AUTO))
    (before,), (after,) = record["before"], record["after"]
    assert (before["picture"], after["picture"]) == ("before.png", "after.png")
    assert after["at"].endswith("+00:00")
    assert after["connection"]["server_date"].endswith("GMT")
    assert abs(after["connection"]["clock_ahead_s"]) <= 2
    assert before["elapsed_s"] < after["elapsed_s"] <= record["elapsed_s"]


async def test_the_record_names_nobody_in_clear_and_the_same_person_alike(work: Work) -> None:
    work.add()
    names = Pseudonyms(b"k" * 32)
    result = await work.run(shapes.AUTO, pseudonyms=names, pinned="Ada Example")
    record = record_of(result)
    assert (record["account"], record["account_ref"]) == (
        "a***@example.org",
        names.of_account(result.target.account),
    )
    steps = [*record["before"], *record["after"]]
    assert {step["signed_in_as"] for step in steps} == {"A*** E***e"}
    assert {step["signed_in_ref"] for step in steps} == {record["signed_in"]["expected_ref"]}
    texts = [contents(result)[name].decode() for name in ("record.json", "PROCESS.md")]
    assert not [text for text in texts if "Ada Example" in text or work.last.login in text]


async def test_of_somebody_else_who_is_signed_in_no_name_is_in_the_record(work: Work) -> None:
    work.add()
    record = record_of(await work.check(shapes.AUTO, pinned="Grace Hopper"))
    assert record["why"] == Why.OTHER_PERSON
    said = json.dumps(record)
    assert not [name for name in ("Ada", "Example", "Grace", "Hopper") if f"{name}" in said]


async def test_the_record_names_every_version_down_to_the_flows_source(work: Work) -> None:
    work.add()
    record = record_of(await work.check(shapes.AUTO))
    assert sorted(record["tool"]) == ["browser", "optout", "playwright", "python", "system"]
    assert record["flow"] == {
        "name": "workshop",
        "version": "2026-11-22",
        "source_sha256": hashlib.sha256(sha256sum(Path(shapes.__file__).parent)).hexdigest(),
    }


async def test_a_secret_that_the_settings_own_section_shows_keeps_the_bundle_from_being_made(
    work: Work,
) -> None:
    work.add()
    shown = Secret("sharing for this site")
    try:
        result = await work.run(shapes.PREVENT)
    finally:
        shown.forget()
    assert (result.outcome, result.why, result.evidence) == (Outcome.FAILED, Why.SECRET_FOUND, None)
    assert "snapshot.yml" in result.reason
    assert "this site" not in result.reason
    assert not (work.folder / work.last.login).exists()


async def test_a_password_that_is_an_ordinary_word_costs_nobody_their_evidence(work: Work) -> None:
    work.add()
    word = Secret("workshop")
    try:
        result = await work.run(shapes.AUTO)
    finally:
        word.forget()
    assert result.outcome is Outcome.OPTED_OUT
    assert record_of(result)["platform"] == "workshop"


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


async def test_a_hostile_name_on_the_page_leads_nowhere_and_marks_nothing_up(
    work: Work, tmp_path: Path
) -> None:
    work.add().name = "../../../<script>alert(1)</script> # `Ada` =1+1"
    result = await work.run(shapes.AUTO)
    assert result.outcome is Outcome.OPTED_OUT
    assert folders_with_files(tmp_path) == {result.evidence}
    texts = [contents(result)[name].decode() for name in ("record.json", "PROCESS.md")]
    assert not [text for text in texts if "<script" in text or "alert" in text]


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
