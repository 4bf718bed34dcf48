"""What a visit has gathered about one target, on its way into the record."""

from __future__ import annotations

import datetime
import time
from typing import TYPE_CHECKING

from optout.evidence.record import Record
from optout.evidence.step import Step

if TYPE_CHECKING:
    from optout.model import Observation, Target
    from optout.visit.order import Order
    from optout.visit.tab import Tab, Write
    from optout.visit.verdict import Verdict


class Findings:
    """The readings, writes and notes of one target, in the order they were made.

    Attributes:
        before: readings before anything was changed.
        after: readings of a fresh load after a change.
        after_click: path, name and state of what was operated, seen on the same page, before that load.
        writes: state-changing requests while the setting was operated.
        notes: what else was noticed.
        masks: what the pictures were painted over with: each rule, and how many elements it matched.
        changed_by: `none`, `tool` or `person`.
    """

    def __init__(self, order: Order, target: Target, browser: str) -> None:
        self.before: list[Step] = []
        self.after: list[Step] = []
        self.after_click: list[tuple[str, str, str]] = []
        self.writes: list[Write] = []
        self.notes: list[str] = []
        self.masks: dict[str, int] = {}
        self.changed_by = "none"
        self._order = order
        self._target = target
        self._browser = browser
        self._started = now()
        self._clock = time.monotonic()

    @property
    def folder_name(self) -> str:
        """The bundle's name: when, which setting, which visit."""
        return f"{self._started:%Y%m%dT%H%M%SZ}-{self._target.setting}-{self._order.visit[:8]}"

    def has(self, picture: str) -> bool:
        """Whether a reading has this picture."""
        return any(step.picture == picture for step in (*self.before, *self.after))

    def step(
        self, seen: Observation, tab: Tab, *, at: datetime.datetime, seen_as: str, picture: str
    ) -> Step:
        """One reading with its picture, by our clocks and by the server's."""
        elapsed = time.monotonic() - self._clock
        return Step(seen, at, tab.connection, seen_as=seen_as, picture=picture, elapsed_s=elapsed)

    def record(self, verdict: Verdict, tab: Tab) -> Record:
        """Everything so far, as the machine-readable half of a bundle."""
        order = self._order
        return Record(
            target=self._target,
            flow=order.flow,
            setting=order.flow.setting(self._target.setting),
            pseudonyms=order.pseudonyms,
            visit=order.visit,
            origin=order.site.origin,
            practice=order.site.practice,
            mode=order.mode,
            method=self.changed_by,
            outcome=verdict.outcome,
            why=verdict.why,
            reason=verdict.reason,
            before=tuple(self.before),
            after=tuple(self.after),
            after_click=tuple(self.after_click),
            writes=tuple((write.method, write.path, write.status) for write in self.writes),
            notes=tuple(self.notes),
            masks=dict(self.masks),
            whole_page=order.whole_page,
            kept_out=dict(tab.fence.kept_out),
            mandate=order.mandate,
            # A new owner is not compared with the one before.
            pinned="" if order.new_owner else order.pinned,
            browser=self._browser,
            started=self._started,
            ended=now(),
            elapsed_s=time.monotonic() - self._clock,
        )


def now() -> datetime.datetime:
    """This moment, UTC."""
    return datetime.datetime.now(datetime.UTC)
