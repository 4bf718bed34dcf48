"""The machine-readable half of a bundle: what was read, where, when and by what."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import optout
from optout.evidence.discreet import without_tokens

if TYPE_CHECKING:
    from datetime import datetime

    from optout.model import Observation, Target

SCHEMA = "optout-record/1"


@dataclass(frozen=True)
class Step:
    """One reading and its picture.

    Attributes:
        observation: what was read.
        at: when, UTC.
        server_date: the site's own clock, as it sent it.
        seen_as: who the page named as signed in.
        picture: the file that shows it; empty where there is none.
    """

    observation: Observation
    at: datetime
    server_date: str = ""
    seen_as: str = ""
    picture: str = ""

    def as_json(self) -> dict[str, Any]:
        """The reading as plain JSON data."""
        seen = self.observation
        return {
            "reading": seen.reading,
            "locked": seen.locked,
            "why": seen.why,
            "detail": seen.detail,
            "label": seen.label,
            "language": seen.language,
            "anchors": list(seen.anchors),
            "candidates": list(seen.candidates),
            "path": without_tokens(seen.path),
            "at": self.at.isoformat(),
            "server_date": self.server_date,
            "signed_in_as": self.seen_as,
            "picture": self.picture,
        }


@dataclass(frozen=True, kw_only=True)
class Record:
    """Everything a bundle says in words and numbers. It holds no cookie, no query and no secret.

    Attributes:
        target: what it is about.
        visit: the visit's id.
        origin: scheme, host and port.
        practice: whether that was a practice site.
        mode: who signed in and who clicked.
        method: `none`, `tool` or `person`: who changed the setting, if anybody.
        outcome: what was established.
        why: the reason as a word.
        reason: the reason as a sentence.
        before: the first reading.
        after: the reading after a fresh load, where something was changed.
        writes: state-changing requests of the page while the setting was operated.
        notes: what else was noticed.
        kept_out: how many requests to which foreign hosts the fence stopped.
        flow_version: date of the flow.
        browser: name and version.
        started: when the visit began, UTC.
        ended: when this record was made, UTC.
        elapsed_s: the same span by a clock that nobody can set.
    """

    target: Target
    visit: str
    origin: str
    practice: bool
    mode: str
    method: str
    outcome: str
    why: str
    reason: str
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    writes: tuple[tuple[str, str, int], ...] = ()
    notes: tuple[str, ...] = ()
    kept_out: dict[str, int] = field(default_factory=dict)
    flow_version: str = ""
    browser: str = ""
    started: datetime
    ended: datetime
    elapsed_s: float

    def as_bytes(self) -> bytes:
        """The record as JSON, for people as well as machines."""
        data = {
            "schema": SCHEMA,
            "visit": self.visit,
            "platform": self.target.account.platform,
            "setting": self.target.setting,
            "account": self.target.account.login,
            "origin": self.origin,
            "practice": self.practice,
            "mode": self.mode,
            "changed_by": self.method,
            "outcome": self.outcome,
            "why": self.why,
            "reason": self.reason,
            "before": [step.as_json() for step in self.before],
            "after": [step.as_json() for step in self.after],
            "writes": [
                {"method": method, "path": without_tokens(path), "status": status}
                for method, path, status in self.writes
            ],
            "notes": list(self.notes),
            "requests_kept_out": self.kept_out,
            "flow_version": self.flow_version,
            "tool": {
                "optout": optout.__version__,
                "python": platform.python_version(),
                "playwright": version("playwright"),
                "browser": self.browser,
            },
            "started": self.started.isoformat(),
            "ended": self.ended.isoformat(),
            "elapsed_s": round(self.elapsed_s, 3),
            "does_not_prove": [
                "that the platform obeys its own switch",
                "anything about data used before the switch was off",
            ],
        }
        return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
