"""`optout worker` and `optout run --on-workers`, as processes, on a real PostgreSQL."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from sqlalchemy import make_url, text

from optout.cli.app import app
from optout.home import Home
from optout.ledger.open import open_ledger
from tests import postgres
from tests.cli.cluster import Cluster, cluster, ended, told_to_end
from tests.cli.networks import missing as missing_networks
from tests.cli.networks import networks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import CliRunner

GAP_S = 0.4
PAGE = (Path(__file__).parents[2] / "docs" / "cluster.md").read_text()


@pytest.fixture
def machines(tmp_path: Path, browsers: Path, postgresql: postgres.Server) -> Iterator[Cluster]:
    with cluster(tmp_path, browsers, postgresql) as made:
        yield made


def assert_no_overlap(made: Cluster) -> None:
    """No account's visit began before its last one had ended."""
    last: dict[str, object] = {}
    for login, began, over in made.visits():
        before = last.get(login)
        assert before is None or before <= began  # type: ignore[operator]
        last[login] = over
    assert None not in last.values()


@pytest.mark.timeout(180)
def test_a_campaign_outlives_a_worker_that_is_killed(machines: Cluster) -> None:
    accounts = machines.add(12)
    one = machines.start("one", "worker")
    machines.start("one", "worker", "--at-once", "1")
    run = machines.campaign("--gap", str(GAP_S), "--json-lines")
    machines.until_visits(5)
    one.send_signal(signal.SIGKILL)
    done = ended(run, within_s=150)
    assert done.status == 0, done
    lines = [line for line in done.out.splitlines() if '"opted-out"' in line or '"already-out"' in line]
    assert sum(any(account.login in line for line in lines) for account in accounts) == 12
    # Only what was open in the killed worker may have been visited again.
    sign_ins = machines.sign_ins(accounts)
    assert min(sign_ins) == 1
    assert sum(count - 1 for count in sign_ins) <= 2
    began = [start for _, start, _ in machines.visits()]
    assert (began[-1] - began[0]).total_seconds() >= GAP_S * (len(began) - 2)
    assert_no_overlap(machines)
    verified = machines.machine("chief").optout("evidence", "verify")
    assert verified.status == 0, verified
    assert "✓ VALID: 12 bundles" in verified.out


@pytest.mark.thorough
@pytest.mark.timeout(1500)
def test_two_hundred_targets_outlive_two_killed_workers(machines: Cluster) -> None:
    accounts = machines.add(200)
    workers = [machines.start("one", "worker", "--at-once", "2") for _ in range(2)]
    run = machines.campaign("--json-lines")
    for count, each in zip((30, 90), workers, strict=True):
        machines.until_visits(count, within_s=400)
        each.send_signal(signal.SIGKILL)
        machines.start("one", "worker", "--at-once", "2")
    assert ended(run, within_s=1200).status == 0
    sign_ins = machines.sign_ins(accounts)
    assert min(sign_ins) == 1
    assert sum(count - 1 for count in sign_ins) <= 4
    assert_no_overlap(machines)
    verified = machines.machine("chief").optout("evidence", "verify")
    assert "✓ VALID: 200 bundles" in verified.out


@pytest.mark.thorough
@pytest.mark.timeout(300)
def test_a_worker_ends_its_visits_first_and_others_go_on_with_the_rest(machines: Cluster) -> None:
    accounts = machines.add(5)
    first = machines.start("one", "worker")
    machines.store.rename(machines.folder / "away")
    run = machines.campaign("--json-lines")
    machines.until_visits(2)
    first.send_signal(signal.SIGTERM)
    # Its results wait for the store, and it for them.
    with pytest.raises(subprocess.TimeoutExpired):
        first.wait(8)
    (machines.folder / "away").rename(machines.store)
    done = ended(first)
    assert (done.status, done.out.count("✓")) == (0, 2), done
    assert "Waiting for it." in done.err
    second = machines.start("two", "worker")
    followed = ended(run)
    assert followed.status == 0
    assert followed.out.count('"opted-out"') == 5
    assert machines.sign_ins(accounts) == [1] * 5
    assert told_to_end(second).status == 0


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_workers_on_two_networks_share_the_work(tmp_path: Path, browsers: Path) -> None:
    if reason := postgres.missing() or missing_networks():
        pytest.skip(reason)
    with (
        postgres.running(listen="*", port=54329) as server,
        cluster(tmp_path, browsers, server) as made,
        networks(2, tmp_path, urlsplit(made.server.origin).port or 0) as apart,
    ):
        accounts = made.add(12)
        database = make_url(made.url).database or ""
        workers = []
        for name, network in zip(("one", "two"), apart, strict=True):
            url = server.url(database, host=network.gateway).render_as_string()
            made.machine(name).environ["OPTOUT_DATABASE"] = url
            workers.append(made.start(name, "worker", under=network.under))
        assert ended(made.campaign("--gap", str(GAP_S)), within_s=300).status == 0
        for worker in workers:
            done = told_to_end(worker)
            assert (done.status, "✓" in done.out) == (0, True)
        assert made.sign_ins(accounts) == [1] * 12
        assert_no_overlap(made)


@pytest.mark.thorough
@pytest.mark.timeout(300)
def test_the_page_on_clusters_can_be_followed_word_for_word(
    machines: Cluster, postgresql: postgres.Server, tmp_path: Path
) -> None:
    (script,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    assert len(script.splitlines()) == 5
    there = tmp_path / "srv"
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "optout").write_text(f'#!/bin/sh\nexec {sys.executable} -m optout "$@"\n')
    (programs / "optout").chmod(0o755)
    accounts = machines.add(3)
    rows = [f"linkedin,{account.login},staff,the board,2026-11-01,letter 7" for account in accounts]
    head = "platform,login,group,mandate_by,mandate_on,mandate_where"
    (tmp_path / "chief" / "staff.csv").write_text("\n".join([head, *rows]))
    # All that differs from the page: where the folder is, where passwords are, and what is visited.
    script = script.replace("/srv/optout", str(there))
    command = f"sh -c 'cat {tmp_path / 'password'}' {{login}}"
    secrets = f'--group staff --password-command "{command}"'
    visits = f"optout run --site {machines.server.origin}"
    script = script.replace("optout run", f"optout account secrets linkedin {secrets}\n{visits}")
    shell = machines.machine("chief")
    environ = {name: each for name, each in shell.environ.items() if name != "OPTOUT_DATABASE"}
    environ |= {"PGHOST": str(postgresql.folder), "PGPORT": str(postgresql.port), "PGUSER": "optout"}
    environ["PATH"] = f"{programs}:{environ['PATH']}"
    done = subprocess.run(
        [str(shutil.which("bash")), "-e", "-c", f"trap 'kill $(jobs -p); wait' EXIT\n{script}"],
        env=environ,
        cwd=shell.folder,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    postgresql.drop("optout")
    assert "proven by a fresh load" in done.stdout, done


def test_a_worker_without_a_shared_ledger_says_what_it_needs(runner: CliRunner) -> None:
    refused = runner.invoke(app, ["worker"])
    assert refused.exit_code == 2
    assert "--database postgresql://user@host/name" in refused.stderr


@pytest.mark.parametrize(
    ("revision", "said"),
    [("9999", "written by a newer optout"), ("0001", "written by an older optout")],
)
def test_a_worker_of_another_version_than_the_ledger_refuses(
    runner: CliRunner, postgresql: postgres.Server, tmp_path: Path, revision: str, said: str
) -> None:
    database = postgresql.database()
    url = postgresql.url(database).render_as_string()
    with open_ledger(Home.at(tmp_path), url) as ledger, ledger.write() as connection:
        connection.execute(text("UPDATE optout_version SET version_num = :it"), {"it": revision})
    refused = runner.invoke(app, ["worker", "--database", url])
    postgresql.drop(database)
    assert refused.exit_code == 1
    assert said in refused.stderr


def test_a_place_for_evidence_that_is_none_is_refused(
    runner: CliRunner, postgresql: postgres.Server
) -> None:
    database = postgresql.database()
    url = postgresql.url(database).render_as_string()
    refused = runner.invoke(app, ["worker", "--database", url, "--evidence", "evidence"])
    postgresql.drop(database)
    assert refused.exit_code == 2
    assert "an absolute path, or a URL" in refused.stderr
