"""The machine-readable half of a bundle: what was read, where, when and by what."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from optout.accounts.logins import masked, masked_name
from optout.accounts.pseudonyms import without_names
from optout.accounts.redact import redact
from optout.evidence.discreet import without_tokens
from optout.evidence.step import moment
from optout.evidence.versions import source_digest, tools
from optout.flow.wording import plain
from optout.model import Why

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from optout.accounts.pseudonyms import Pseudonyms
    from optout.evidence.step import Step
    from optout.flow import Flow, Setting
    from optout.model import Target

SCHEMA = "optout-record/2"
# By how much two clocks may differ before somebody has to be told.
_SKEW_S = 120
_QUOTED = re.compile(r'"([^"]*)"')
_NO_WITNESS = (
    "what the server sent, to somebody who does not trust whoever ran this program: a TLS connection "
    "leaves nothing that a third party could check"
)
DOES_NOT_PROVE = (
    "that the platform obeys its own switch",
    "anything about data used before the switch was off",
    _NO_WITNESS,
)


@dataclass(frozen=True, kw_only=True)
class Record:
    """Everything a bundle says in words and numbers. It holds no name in clear, no query, no secret.

    Attributes:
        target: what it is about.
        flow: by which the platform was read.
        setting: the setting, as the flow knows it.
        pseudonyms: what people are called in it.
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
        after_click: path, name and state of what was operated, as the same page showed it before that
            load. It proves nothing: pages show what they have been asked for.
        pinned: who was signed in at the account's first visit; empty before that.
        writes: state-changing requests of the page while the setting was operated.
        notes: what else was noticed.
        masks: what was painted over in the pictures: each rule, and how many elements it matched.
        whole_page: whether the pictures show the whole page, because somebody has asked for that.
        kept_out: how many requests to which foreign hosts the fence stopped.
        mandate: who authorised this, when, and where that is written down; empty for one's own account.
        browser: name and version.
        started: when the visit began, UTC.
        ended: when this record was made, UTC.
        elapsed_s: the same span by a clock that nobody can set.
    """

    target: Target
    flow: Flow
    setting: Setting | None
    pseudonyms: Pseudonyms
    visit: str
    origin: str
    practice: bool
    mode: str
    method: str
    outcome: str
    why: Why
    reason: str
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    after_click: tuple[tuple[str, str, str], ...] = ()
    pinned: str = ""
    writes: tuple[tuple[str, str, int], ...] = ()
    notes: tuple[str, ...] = ()
    masks: Mapping[str, int] = field(default_factory=dict)
    whole_page: bool = False
    kept_out: Mapping[str, int] = field(default_factory=dict)
    mandate: str = ""
    browser: str = ""
    started: datetime
    ended: datetime
    elapsed_s: float

    @property
    def account(self) -> str:
        """The account's login, masked."""
        return masked(self.target.account.login)

    @property
    def account_ref(self) -> str:
        """The account's pseudonym."""
        return self.pseudonyms.of_account(self.target.account)

    def as_bytes(self) -> bytes:
        """The record as JSON, for people as well as machines."""
        said = json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n"
        # Half a sign, which a page can hold, has no bytes of its own; JSON spells it in ASCII.
        return said.encode("utf-8", "backslashreplace")

    def as_json(self) -> Mapping[str, Any]:
        """The record as plain JSON data."""
        return self._as_json

    @cached_property
    def _as_json(self) -> Mapping[str, Any]:
        return {
            "schema": SCHEMA,
            "visit": self.visit,
            "platform": self.flow.name,
            "setting": self.target.setting,
            **({"asks": self.setting.asks, "out_means": self.setting.out_means} if self.setting else {}),
            "account": self.account,
            "account_ref": self.account_ref,
            **({"mandate": self._clean(self.mandate)} if self.mandate else {}),
            "origin": self.origin,
            "practice": self.practice,
            "mode": self.mode,
            "changed_by": self.method,
            "outcome": self.outcome,
            "why": self.why,
            "reason": self._clean(self.reason),
            "signed_in": self._identity(),
            "before": [self._step(step) for step in self.before],
            "after_click": [
                {"path": self._path(path), "control": self._clean(name), "state": self._clean(state)}
                for path, name, state in self.after_click
            ],
            "after": [self._step(step) for step in self.after],
            "writes": [
                {"method": method, "path": self._path(path), "status": status}
                for method, path, status in self.writes
            ],
            "notes": [*map(self._clean, self.notes), *self._skew()],
            "masks": [{"rule": rule, "matched": matched} for rule, matched in self.masks.items()],
            "whole_page": self.whole_page,
            "requests_kept_out": dict(self.kept_out),
            "flow": {
                "name": self.flow.name,
                "version": self.flow.version,
                "source_sha256": source_digest(self.flow),
            },
            "tool": tools(self.browser),
            "started": moment(self.started),
            "ended": moment(self.ended),
            "elapsed_s": round(self.elapsed_s, 3),
            "does_not_prove": list(DOES_NOT_PROVE),
        }

    def _step(self, step: Step) -> dict[str, Any]:
        """A reading as plain JSON data."""
        seen = step.observation
        return {
            "reading": seen.reading,
            "locked": seen.locked,
            "why": seen.why,
            "detail": self._clean(seen.detail),
            "label": self._clean(seen.label),
            "state": self._clean(seen.state),
            "language": seen.language,
            "anchors": list(seen.anchors),
            "candidates": [self._clean(candidate) for candidate in seen.candidates],
            "path": self._path(seen.path),
            "at": moment(step.at),
            "elapsed_s": round(step.elapsed_s, 3),
            "signed_in_as": self._shown(step.seen_as),
            "signed_in_ref": self._ref(step.seen_as),
            "picture": step.picture,
            "connection": step.connection.as_json() if step.connection else None,
        }

    def _identity(self) -> dict[str, str]:
        """How it is known who was signed in, and whom that was compared with."""
        return {
            "known_from": "the page" if self.flow.identity else "the person who was there",
            "expected_ref": self._ref(self.pinned),
        }

    def _shown(self, name: str) -> str:
        # Where no page names anybody, what stands for a name is a sentence about the login.
        return masked_name(name) if self.flow.identity else self._clean(name)

    def _ref(self, name: str) -> str:
        """The pseudonym of somebody, the same for all that counts as the same person."""
        return self.pseudonyms.of_person(self.flow.name, plain(name))

    def _skew(self) -> list[str]:
        """What has to be said about clocks that differ."""
        connections = [step.connection for step in (*self.before, *self.after) if step.connection]
        far = [found.ahead_s for found in connections if abs(found.ahead_s or 0) > _SKEW_S]
        return [f"this computer's clock and the server's differ by {far[0]:.0f} s"] if far else []

    def _path(self, path: str) -> str:
        return self._clean(without_tokens(path))

    def _clean(self, text: str) -> str:
        """A text of a page or an error without secrets, and without names."""
        people = {self.pinned, *(step.seen_as for step in (*self.before, *self.after))}
        clean = without_names(redact(text), self.target.account, people)
        if self.why is Why.OTHER_PERSON:
            # Both names stand in it, and one is of somebody nobody here knows.
            clean = _QUOTED.sub(lambda found: f'"{masked_name(found[1])}"', clean)
        return clean
