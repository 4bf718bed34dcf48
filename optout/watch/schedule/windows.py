"""A task of this user in the Windows Task Scheduler."""

from __future__ import annotations

import datetime
import getpass
import os
import platform
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from optout.watch.schedule.system import OTHER_SYSTEM, Planned, Written, ask, has, tell

if TYPE_CHECKING:
    from optout.watch.schedule.entry import Entry
    from optout.watch.schedule.rhythm import Rhythm

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Windows:
    """The Task Scheduler's tasks of this user."""

    name = "windows"
    title = "a task in the Task Scheduler"
    note = (
        "It runs while you are logged in, and makes up for a missed time. Variables such as "
        "OPTOUT_BROWSER reach it only if they are set for good (setx)."
    )

    def lack(self) -> str:
        """What is missing to use it here, in a phrase; empty when nothing is."""
        if platform.system() != "Windows":
            return f"{OTHER_SYSTEM}Windows"
        return "" if has("schtasks") else "there is no schtasks"

    def planned(self, entry: Entry) -> Planned:
        """The task's definition, and how the Task Scheduler is told of it."""
        command = ("schtasks", "/Create", "/TN", entry.name, "/XML", "FILE", "/F")
        return Planned((Written(f"the task {entry.name}", task_text(entry)),), (command,))

    def install(self, entry: Entry) -> None:
        """Register the task, in place of an earlier one.

        Raises:
            NotUsableHere: the Task Scheduler refuses.
            OSError: no file can be written.
        """
        planned = self.planned(entry)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "task.xml"
            # The encoding that the Task Scheduler itself writes.
            file.write_text(planned.texts[0].text, encoding="utf-16")
            for command in planned.commands:
                tell([str(file) if word == "FILE" else word for word in command])

    def found(self, name: str) -> tuple[Written, ...]:
        """The task's definition as it is now."""
        if not has("schtasks"):
            return ()
        done = ask(("schtasks", "/Query", "/TN", name, "/XML"))
        return () if done.returncode else (Written(f"the task {name}", done.stdout),)

    def remove(self, name: str) -> bool:
        """Delete the task.

        Raises:
            NotUsableHere: the Task Scheduler refuses.
        """
        if not self.found(name):
            return False
        tell(("schtasks", "/Delete", "/TN", name, "/F"))
        return True


def task_text(entry: Entry) -> str:
    """The definition of the task, after [MS-TSCH] 2.5."""
    task = ET.Element("Task", {"version": "1.2", "xmlns": NAMESPACE})
    about = ET.SubElement(task, "RegistrationInfo")
    _leaf(about, "Description", f"optout, {entry.rhythm}: look whether what was off is still off")
    _trigger(ET.SubElement(task, "Triggers"), entry.rhythm)
    principal = ET.SubElement(ET.SubElement(task, "Principals"), "Principal", {"id": "Author"})
    _leaf(principal, "UserId", _user())
    # Not S4U: such a task has no network and cannot open what is sealed with the user's password.
    _leaf(principal, "LogonType", "InteractiveToken")
    _leaf(principal, "RunLevel", "LeastPrivilege")
    settings = ET.SubElement(task, "Settings")
    _leaf(settings, "MultipleInstancesPolicy", "IgnoreNew")
    _leaf(settings, "DisallowStartIfOnBatteries", "false")
    _leaf(settings, "StopIfGoingOnBatteries", "false")
    _leaf(settings, "StartWhenAvailable", "true")
    _leaf(settings, "RunOnlyIfNetworkAvailable", "true")
    _leaf(settings, "ExecutionTimeLimit", "PT6H")
    run = ET.SubElement(ET.SubElement(task, "Actions", {"Context": "Author"}), "Exec")
    program, *arguments = entry.command
    _leaf(run, "Command", program)
    _leaf(run, "Arguments", subprocess.list2cmdline(arguments))
    ET.indent(task)
    return f'<?xml version="1.0" encoding="UTF-16"?>\n{ET.tostring(task, encoding="unicode")}\n'


def _trigger(triggers: ET.Element, rhythm: Rhythm) -> None:
    trigger = ET.SubElement(triggers, "CalendarTrigger")
    start = datetime.datetime.combine(rhythm.first, rhythm.at)
    _leaf(trigger, "StartBoundary", start.isoformat())
    if rhythm.days is None:
        by_month = ET.SubElement(trigger, "ScheduleByMonth")
        _leaf(ET.SubElement(by_month, "DaysOfMonth"), "Day", str(rhythm.day_of_month))
        months = ET.SubElement(by_month, "Months")
        for month in _MONTHS:
            ET.SubElement(months, month)
    elif rhythm.every == "week":
        by_week = ET.SubElement(trigger, "ScheduleByWeek")
        _leaf(by_week, "WeeksInterval", "1")
        ET.SubElement(ET.SubElement(by_week, "DaysOfWeek"), _WEEKDAYS[rhythm.first.weekday()])
    else:
        _leaf(ET.SubElement(trigger, "ScheduleByDay"), "DaysInterval", str(rhythm.days))


def _leaf(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _user() -> str:
    domain = os.environ.get("USERDOMAIN")
    return f"{domain}\\{getpass.getuser()}" if domain else getpass.getuser()
