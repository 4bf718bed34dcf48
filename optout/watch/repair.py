"""A repair report: what a flow's author needs to know about a page that changed, without any name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optout.accounts.pseudonyms import without_names
from optout.errors import EvidenceInvalid, UsageProblem
from optout.evidence.caption import blurred
from optout.home import write_private
from optout.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from optout.flow import Flow, Setting
    from optout.ledger.history import Look
    from optout.model import Target

REPORT, PICTURE = "report.md", "page.png"


@dataclass(frozen=True)
class Repair:
    """A report, before it is written.

    Attributes:
        text: the report, as Markdown.
        picture: the page, so coarse that nothing in it can be read; None where there is none.
    """

    text: str
    picture: bytes | None

    def write(self, folder: Path) -> list[Path]:
        """Write it into a folder.

        Returns:
            What was written.

        Raises:
            OSError: it cannot be written there.
        """
        files = {REPORT: self.text.encode(), **({PICTURE: self.picture} if self.picture else {})}
        for name, content in files.items():
            write_private(folder / name, content)
        return [folder / name for name in files]


def repair_report(
    flow: Flow, target: Target, looks: Sequence[Look], evidence: Path, people: Collection[str]
) -> Repair:
    """The report on the newest look at a target that could not be read.

    Args:
        flow: the platform's flow.
        target: which.
        looks: its looks, oldest first.
        evidence: the folder that all bundles are in.
        people: names that pages gave the account's owner; they are masked.

    Raises:
        UsageProblem: the target could always be read, or its evidence is not there any more.
        EvidenceInvalid: the evidence cannot be understood.
    """
    unread = [look for look in looks if look.outcome is Outcome.UNREADABLE and look.evidence]
    setting = flow.setting(target.setting)
    if not unread or setting is None:
        raise UsageProblem(
            f"there is no picture of a page on which {target} could not be read",
            next_step=f"Look now: optout check {target}",
        )
    look = unread[-1]
    bundle = evidence / (look.evidence or "")
    try:
        record = json.loads((bundle / "record.json").read_bytes())
        picture = _picture(bundle, record)
    except FileNotFoundError:
        raise UsageProblem(
            f"the evidence of {look.at:%Y-%m-%d %H:%M} UTC is not there any more",
            next_step=f"Look again: optout check {target}",
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvidenceInvalid(
            f"the evidence in {bundle} cannot be understood",
            step="repair-report",
            found=type(error).__name__,
            next_step=f"See what is wrong with it: optout evidence verify {bundle}",
        ) from None
    lines = [*_head(flow, setting, look), *_wanted(setting), *_seen(bundle, record)]
    return Repair(without_names("\n".join(lines) + "\n", target.account, people), picture)


def _picture(bundle: Path, record: dict[str, Any]) -> bytes | None:
    readings = [*record["before"], *record["after"]]
    name = readings[-1]["picture"] if readings else ""
    # A name out of a file is not a path to follow.
    known = {file.name: file for file in bundle.glob("*.png")}
    return blurred(known[name].read_bytes()) if name in known else None


def _head(flow: Flow, setting: Setting, look: Look) -> Iterator[str]:
    yield f"# {flow.title}: {setting.title} cannot be read"
    yield ""
    yield f"- setting: `{flow.name}/{setting.name}`, flow version {look.flow_version}"
    yield f"- when: {look.at:%Y-%m-%d %H:%M} UTC"
    yield f"- outcome: {look.outcome}, {look.why}"
    yield f"- what happened: {look.reason}"
    if look.practice:
        yield "- **practice site**: this is not about the platform itself"
    yield ""


def _wanted(setting: Setting) -> Iterator[str]:
    control = setting.control
    yield "## What the flow looked for"
    yield ""
    yield f"- at: {', '.join(f'`{place}`' for place in setting.places)}"
    yield f"- kind: {' or '.join(control.roles)}"
    yield from (f'- key: `{name}="{value}"`' for name, value in control.keys)
    yield from (f'- label ({each.language}): "{each.text}"' for each in control.labels)
    yield from (f'- section ({each.language}): "{each.text}"' for each in control.section)
    yield from (
        f'- opened by ({each.language}): "{each.text}"' for way in setting.opens for each in way.labels
    )
    yield ""


def _seen(bundle: Path, record: dict[str, Any]) -> Iterator[str]:
    yield "## What was there"
    yield ""
    for reading in (*record["before"], *record["after"]):
        yield f"- at `{reading['path']}`, page language `{reading['language']}`: {reading['detail']}"
        yield from (f"  - {candidate}" for candidate in reading["candidates"])
    for file in sorted((*bundle.glob("*.controls.txt"), *bundle.glob("*.snapshot.yml"))):
        yield ""
        yield f"`{file.name}`:"
        yield ""
        yield from (f"    {line}" for line in file.read_text(encoding="utf-8").splitlines())
    yield ""
    yield f"optout {record['tool']['optout']}, {record['tool']['browser']}"
