"""`optout evidence`: what a person, an auditor and a script get to see."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from optout.campaign.surroundings import Surroundings
from optout.cli.app import app
from optout.evidence.signing_key import PublicKey, SigningKey
from optout.home import Home
from optout.ledger.open import open_ledger
from tests.campaign.test_campaign_closing import visited
from tests.cli.test_cli_startup import HEAVY, imported
from tests.evidence.sealed import Installation, failures

if TYPE_CHECKING:
    from click.testing import CliRunner, Result

    from tests.cli.shell import Shell


@pytest.fixture
def home(runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPTOUT_KEY_COMMAND", "echo a-key-of-more-than-32-random-characters")
    return tmp_path / "optout"


@pytest.fixture
def made(home: Path) -> Installation:
    return Installation.at(home, 2)


def evidence(runner: CliRunner, *words: object, stdin: str = "") -> Result:
    return runner.invoke(app, ["evidence", *map(str, words)], input=stdin)


@pytest.mark.usefixtures("made")
def test_verify_says_line_by_line_what_holds(runner: CliRunner) -> None:
    ended = evidence(runner, "verify")
    assert ended.exit_code == 0
    for line in ("✓ files", "✓ signature", "✓ chain", "– time", "✓ completeness"):
        assert ended.stdout.count(f"  {line} ") == 2
    assert "What none of this proves:" in ended.stdout
    assert ended.stdout.endswith("✓ VALID: 2 bundles\n")


def test_verify_says_what_does_not_hold_and_exits_64(runner: CliRunner, made: Installation) -> None:
    (made.bundles[0] / "after.png").write_bytes(b"")
    ended = evidence(runner, "verify", made.bundles[0])
    assert ended.exit_code == 64
    assert "✗ files         changed: after.png" in ended.stdout
    assert ended.stdout.endswith("✗ NOT VALID: 1 of 1 bundle\n")


def test_verify_as_data(runner: CliRunner, made: Installation) -> None:
    (made.bundles[1] / "after.png").unlink()
    ended = evidence(runner, "verify", "--json")
    around, first, second = json.loads(ended.stdout)
    assert (ended.exit_code, around["valid"], first["valid"], second["valid"]) == (64, True, True, False)
    assert {"question": "files", "state": "failed", "said": "missing: after.png"} in second["findings"]


def test_a_file_name_says_nothing_to_the_terminal(runner: CliRunner, made: Installation) -> None:
    (made.bundles[0] / "x\x1b[2J\n  ✓ files\u202e").write_bytes(b"")
    ended = evidence(runner, "verify", made.bundles[0])
    assert "added: x\\x1b[2J\\n" in ended.stdout
    assert not {"\x1b", "\u202e"} & set(ended.stdout)


@pytest.mark.parametrize("what", ["nothing", "empty", "file"])
def test_where_nothing_can_be_verified_it_exits_1(runner: CliRunner, tmp_path: Path, what: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("no zip")
    ended = evidence(runner, "verify", tmp_path / what)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "expected" in ended.stderr


@pytest.mark.usefixtures("home")
def test_many_valid_bundles_are_counted_and_the_others_shown(runner: CliRunner, home: Path) -> None:
    made = Installation.at(home, 22)
    (made.bundles[4] / "more.png").write_bytes(b"")
    ended = evidence(runner, "verify")
    assert ended.stdout.count("completeness") == 1
    assert ended.stdout.endswith("✗ NOT VALID: 1 of 22 bundles\n")
    assert evidence(runner, "verify", "--all").stdout.count("completeness") == 22


def test_an_export_verifies_on_a_computer_that_never_ran_optout(
    runner: CliRunner, made: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, key = tmp_path / "e.zip", made.layout.keys / f"evidence-{made.key.public.name}.pub"
    assert evidence(runner, "export", file).exit_code == 0
    monkeypatch.setenv("OPTOUT_HOME", str(tmp_path / "elsewhere"))
    kept = made.layout.checkpoints / "2.json"
    ended = evidence(runner, "verify", file, "--pub", key, "--checkpoint", kept)
    assert ended.exit_code == 0, ended.output
    assert f"{file}/evidence/linkedin/" in ended.stdout
    assert "as you named it" in " ".join(ended.stdout.split())
    assert not (tmp_path / "elsewhere").exists()
    ended = evidence(runner, "import", file, "--to", tmp_path / "audit")
    assert (ended.exit_code, failures(tmp_path / "audit")) == (0, [])
    stranger = tmp_path / "stranger.pub"
    stranger.write_text(SigningKey.make().public.openssh)
    assert evidence(runner, "verify", file, "--pub", stranger).exit_code == 64


def test_what_does_not_verify_is_not_taken_in(
    runner: CliRunner, made: Installation, tmp_path: Path
) -> None:
    (made.bundles[0] / "after.png").write_bytes(b"")
    evidence(runner, "export", tmp_path / "e.zip")
    ended = evidence(runner, "import", tmp_path / "e.zip")
    assert ended.exit_code == 64
    assert "changed: after.png" in ended.stderr
    assert not (made.layout.root / "imported" / "e").exists()


def test_a_selection_must_be_of_this_computer(
    runner: CliRunner, made: Installation, tmp_path: Path
) -> None:
    shutil.copytree(made.bundles[0], tmp_path / "lone")
    assert evidence(runner, "export", tmp_path / "e.zip", tmp_path / "lone").exit_code == 2


@pytest.mark.usefixtures("home")
def test_the_key_is_shown_with_its_fingerprint(runner: CliRunner) -> None:
    line, fingerprint, *_ = evidence(runner, "key").stdout.splitlines()
    shown = PublicKey.read(line.encode())
    assert fingerprint == f"fingerprint: {shown.fingerprint}"
    data = json.loads(evidence(runner, "key", "show", "--json").stdout)
    assert data["current"]["fingerprint"] == shown.fingerprint
    assert PublicKey.read(data["current"]["pem"].encode()) == shown


@pytest.mark.usefixtures("home")
def test_a_key_is_rotated_and_an_organisations_is_taken_in(runner: CliRunner, tmp_path: Path) -> None:
    old = json.loads(evidence(runner, "key", "show", "--json").stdout)["current"]
    assert evidence(runner, "key", "rotate").exit_code == 0
    protection = BestAvailableEncryption(b"right")
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
    (tmp_path / "organisation").write_bytes(pem)
    assert evidence(runner, "key", "import", tmp_path / "organisation").exit_code == 2
    assert evidence(runner, "key", "import", tmp_path / "organisation", stdin="wrong\n").exit_code == 2
    ended = evidence(runner, "key", "import", tmp_path / "organisation", stdin="right\n")
    assert ended.exit_code == 0, ended.output
    data = json.loads(evidence(runner, "key", "show", "--json").stdout)
    assert [each["fingerprint"] for each in data["earlier"]] == [old["fingerprint"]]
    assert len(data["counter_signing"]) == 1


def test_without_a_key_it_says_what_to_do(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTOUT_KEY_COMMAND", "false")
    ended = evidence(runner, "key")
    assert ended.exit_code == 8
    assert "there is no key to sign with" in ended.stderr


@pytest.mark.usefixtures("home")
def test_a_checkpoint_of_nothing_is_refused(runner: CliRunner) -> None:
    ended = evidence(runner, "checkpoint")
    assert ended.exit_code == 2
    assert "there is no evidence yet" in ended.stderr


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("age", ["", "24", "24m", "-1d", "1.5y"])
def test_an_age_that_is_none_is_refused(runner: CliRunner, age: str) -> None:
    assert evidence(runner, "purge", "--older-than", age, "--yes").exit_code == 2


def test_verify_needs_no_ledger_no_keyring_and_no_browser(shell: Shell) -> None:
    Installation.at(Path(shell.environ["OPTOUT_HOME"]), 1)
    assert imported(shell, "evidence", "verify") & HEAVY <= {"cryptography"}
    assert not shell.home.ledger.exists()


def test_what_is_old_is_listed_asked_about_and_removed(runner: CliRunner, home: Path) -> None:
    place = Home.at(home)
    with open_ledger(place) as ledger:
        folder = visited(Surroundings.of(place, ledger), 1)
    old = ("purge", "--older-than", "1d")
    assert folder.name in evidence(runner, *old, "--dry-run").stdout
    assert evidence(runner, *old, stdin="n\n").exit_code == 1
    assert (folder / "record.json").exists()
    assert evidence(runner, *old, "--yes").exit_code == 0
    assert not (folder / "record.json").exists()
    ended = evidence(runner, "verify")
    assert ended.exit_code == 0, ended.output
    assert "removed on" in ended.stdout


def test_a_checkpoint_is_made_and_handed_over(runner: CliRunner, home: Path, tmp_path: Path) -> None:
    place = Home.at(home)
    with open_ledger(place) as ledger:
        visited(Surroundings.of(place, ledger), 1)
    ended = evidence(runner, "checkpoint", "--to", tmp_path / "kept.json")
    assert ended.exit_code == 0, ended.output
    assert "no third-party time" in ended.stderr
    assert evidence(runner, "verify", "--checkpoint", tmp_path / "kept.json").exit_code == 0
    ended = evidence(runner, "checkpoint", "--tsa", "http://127.0.0.1:9/")
    assert ended.exit_code == 32
    assert "kept without a third party's time" in ended.stderr
