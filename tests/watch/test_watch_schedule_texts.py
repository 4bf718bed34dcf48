"""What is written for each system, held against that system's own rules."""

from __future__ import annotations

import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
import xmlschema

from optout.errors import UsageProblem
from optout.home import Home
from optout.watch.schedule.cron import Cron
from optout.watch.schedule.entry import Entry, entry_for, entry_name
from optout.watch.schedule.launchd import agent
from optout.watch.schedule.rhythm import Rhythm
from optout.watch.schedule.systemd import Systemd, on_calendar
from optout.watch.schedule.windows import task_text

# Every character that one of the systems treats in a way of its own.
ODD = '/opt/a b/100%/$HOME/"q"/it\'s/<x>&/\\n/%h/ü'
SUNDAY = date(2026, 11, 22)
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="needs systemd-analyze")
RHYTHMS = ("day", "week", "month", "3d")
# launchd.plist(5): the keys that are used, and their types.
LAUNCHD = {
    "Label": str,
    "ProgramArguments": list,
    "EnvironmentVariables": dict,
    "StartCalendarInterval": dict,
    "RunAtLoad": bool,
    "ProcessType": str,
    "StandardOutPath": str,
    "StandardErrorPath": str,
    "Umask": int,
    "ExitTimeOut": int,
}
INTERVAL = {"Minute": range(60), "Hour": range(24), "Day": range(1, 32), "Weekday": range(8)}


def entry(every: str = "week", home: str = "/home/ada/optout") -> Entry:
    environ = {"PATH": "/usr/bin:/bin", "OPTOUT_BROWSER": ODD, "HOME": "/home/ada", "SECRET": "s3cret"}
    return entry_for(Home.at(Path(home)), Rhythm(every, time(6, 30), SUNDAY), environ, None)


def test_an_entry_names_this_interpreter_and_this_home_and_nothing_it_need_not() -> None:
    made = entry()
    assert made.command[0] == sys.executable
    assert made.command[-2:] == ("--home", "/home/ada/optout")
    assert set(made.environment) == {"PATH", "OPTOUT_BROWSER"}


def test_two_homes_have_two_names() -> None:
    assert entry_name(Home.at(Path("/a"))) != entry_name(Home.at(Path("/b")))


def test_a_database_with_a_password_is_refused_and_not_repeated() -> None:
    environ = {"OPTOUT_DATABASE": "postgresql+psycopg://ada:hunter2@db/optout"}
    with pytest.raises(UsageProblem, match="pgpass") as refused:
        entry_for(Home.at(Path("/h")), entry().rhythm, environ, None)
    assert "hunter2" not in str(refused.value)


def test_a_line_break_in_a_path_is_refused() -> None:
    with pytest.raises(UsageProblem, match="line break"):
        entry(home="/home/ada\n* * * * * rm")


@needs_systemd
def test_systemd_takes_the_units_whatever_is_in_their_words(tmp_path: Path) -> None:
    made = replace(entry(home=ODD), command=(shutil.which("true") or "", *entry(home=ODD).command[1:]))
    units = Systemd({"XDG_CONFIG_HOME": str(tmp_path)}).planned(made).texts
    for unit in units:
        Path(unit.place).parent.mkdir(parents=True, exist_ok=True)
        Path(unit.place).write_text(unit.text)
    verify = [str(ANALYZE), "--user", "verify", *(unit.place for unit in units)]
    done = subprocess.run(
        verify, capture_output=True, text=True, check=False, env={"XDG_RUNTIME_DIR": str(tmp_path)}
    )
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize(
    ("every", "second"), [("day", "11-23"), ("week", "11-29"), ("month", "12-22"), ("3d", "11-23")]
)
def test_systemd_understands_a_rhythm_as_it_is_meant(every: str, second: str) -> None:
    calendar = on_calendar(entry(every).rhythm)
    done = subprocess.run(
        [str(ANALYZE), "calendar", "--base-time=2026-11-21 12:00", "--iterations=2", calendar],
        capture_output=True,
        text=True,
        check=True,
        env={"TZ": "UTC"},
    )
    times = re.findall(r"2026-(\d\d-\d\d) 06:30:00", done.stdout)
    assert times == ["11-22", second]


def test_cron_gets_one_line_from_which_a_shell_reads_back_every_word() -> None:
    made = entry(home=ODD)
    (block,) = Cron().planned(made).texts
    (line,) = [each for each in block.text.splitlines() if not each.startswith("#")]
    minute, *stars, command = line.split(" ", 5)
    assert (minute, stars) == ("30", ["*"] * 4)
    # cron turns the marked percent signs back into plain ones.
    words = shlex.split(command.replace("\\%", "%"))
    variables = [f"{name}={value}" for name, value in made.environment.items()]
    assert words == ["env", *variables, *made.command]
    assert "%" not in command.replace("\\%", "")


def test_a_line_too_long_for_cron_is_refused_with_a_way_out() -> None:
    long = replace(entry(), environment={"PATH": ":".join(f"/opt/{n}/bin" for n in range(100))})
    with pytest.raises(UsageProblem, match="shorter PATH"):
        Cron().planned(long)


@pytest.mark.parametrize("every", RHYTHMS)
def test_launchd_gets_only_keys_it_knows_each_of_its_type(every: str) -> None:
    made = entry(every, home=ODD)
    read = plistlib.loads(plistlib.dumps(agent(made)))
    assert {key: type(value) for key, value in read.items()} == LAUNCHD
    assert read["ProgramArguments"] == list(made.command)
    assert read["EnvironmentVariables"] == made.environment
    assert all(value in INTERVAL[key] for key, value in read["StartCalendarInterval"].items())


def test_launchd_counts_sunday_as_day_zero() -> None:
    assert agent(entry("week"))["StartCalendarInterval"] == {"Weekday": 0, "Hour": 6, "Minute": 30}


def _without_declaration(text: str) -> str:
    """It names UTF-16, in which the task is written to its file; here it is text already."""
    return text.split("\n", 1)[1]


@pytest.fixture(scope="module")
def task_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(Path(__file__).with_name("task_scheduler.xsd"))


@pytest.mark.parametrize("every", RHYTHMS)
def test_the_task_scheduler_gets_what_its_schema_allows(
    every: str, task_schema: xmlschema.XMLSchema
) -> None:
    text = task_text(entry(every, home=ODD))
    task_schema.validate(_without_declaration(text))


def test_a_task_is_no_s4u_task_and_makes_up_for_what_it_missed() -> None:
    text = task_text(entry())
    assert "<LogonType>InteractiveToken</LogonType>" in text
    assert "<StartWhenAvailable>true</StartWhenAvailable>" in text
    assert "<Sunday />" in text


def test_the_schema_refuses_a_task_that_windows_would_refuse(task_schema: xmlschema.XMLSchema) -> None:
    wrong = task_text(entry("3d")).replace("<DaysInterval>3<", "<DaysInterval>400<")
    assert not task_schema.is_valid(_without_declaration(wrong))
