"""Undoing: putting a setting back to what it stood on before optout changed it.

Whoever has not said so in so many words never gets here: only an order that carries what to put back is
carried out this way, and only `optout undo` gives such an order.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from optout.errors import PageUnexpected
from optout.evidence.discreet import without_tokens
from optout.flow import Choice, Labels, MenuItem, Select, Wording
from optout.model import Outcome, Reading, Why
from optout.visit.tab import path_of
from optout.visit.target import TargetVisit
from optout.visit.verdict import Verdict

if TYPE_CHECKING:
    from optout.flow import Setting
    from optout.model import Result
    from optout.visit.act import Actor
    from optout.visit.read import Sight
    from optout.visit.survey import ControlSeen

_BY_HAND = "Change it by hand in your usual browser, then look with: optout check {target}"


class UndoVisit(TargetVisit):
    """Takes one target back from `out` to what it was, with the same proof as any change."""

    wanted = Reading.IN
    _left: frozenset[str] = frozenset()

    async def run(self, actor: Actor | None) -> Result:
        """Put back what was changed."""
        self._left = frozenset(self.order.put_back or ())
        return await super().run(actor)

    async def _one(self, place: str, sight: Sight, suffix: str, actor: Actor | None) -> Verdict:
        path = _path(place)
        if not suffix:  # it stands once, wherever that is by now
            self._left = frozenset()
        elif path in self._left:
            self._left -= {path}
        else:
            actor = None  # of several objects, those that were out before optout came stay out
        return await super()._one(place, sight, suffix, actor)

    def _unchanged(self) -> Verdict:
        if self.last.reading is Reading.IN:
            return Verdict(Outcome.STILL_IN, reason="it was in already; nothing was changed")
        return super()._unchanged()

    async def _operate(self, actor: Actor, place: str, sight: Sight) -> None:
        known = self.order.put_back or {}
        earlier = known.get(_path(place), "") or next(iter(known.values()), "")
        await actor.operate(*_towards(self.setting, sight, earlier))

    def _changed(self) -> Verdict:
        shown = self.last.locked or self.last.reading
        if shown is Reading.IN:
            return Verdict(Outcome.UNDONE)
        if shown is Reading.OUT:
            said = "prove: the setting is out again; expected it to be in after a fresh load"
            return Verdict(Outcome.NOT_SAVED, Why.NOT_KEPT, said, _BY_HAND.format(target=self.target))
        said = f"prove: {self.last.detail}; expected it to be in after a fresh load"
        look = f"Look again with: optout check {self.target}"
        return Verdict(Outcome.UNREADABLE, self.last.why, said, look)

    async def _conclude(self, verdict: Verdict) -> Result:
        if self._left and verdict.outcome is Outcome.UNDONE:
            gone = f"not there any more: {', '.join(sorted(self._left))}"
            step = _BY_HAND.format(target=self.target)
            verdict = Verdict(Outcome.UNREADABLE, Why.CONTROL_MISSING, gone, step)
        if "guided" in verdict.next_step:  # which is for opting out
            verdict = replace(verdict, next_step=_BY_HAND.format(target=self.target))
        return await super()._conclude(verdict)


def _path(place: str) -> str:
    """A place as it is written in a record."""
    return without_tokens(path_of(place))


def _towards(setting: Setting, sight: Sight, earlier: str) -> tuple[Setting, Sight]:
    """The setting and the sight of it as they have to be for the way back."""
    control = setting.control
    press = sight.understood.control
    if isinstance(control, MenuItem):
        back = replace(control, switches_out=control.switches_in, switches_in=control.switches_out)
        setting = replace(setting, control=back)
    elif isinstance(control, Select):
        setting = replace(setting, control=replace(control, out=Labels(Wording("", earlier))))
    elif isinstance(control, Choice):
        press = _option(control, sight, earlier)
    return setting, replace(sight, understood=replace(sight.understood, press=press))


def _option(control: Choice, sight: Sight, earlier: str) -> ControlSeen:
    """The option that was chosen before."""
    out = sight.understood.control
    options = [
        each
        for each in sight.seen.of_role(control.roles)
        if out is not None and each.is_option_beside(out) and each.name == earlier
    ]
    if len(options) == 1:
        return options[0]
    raise PageUnexpected(
        "the option that was chosen before is not there any more",
        step="press",
        expected=f'"{earlier}"',
        found=", ".join(map(str, sight.seen.of_role(control.roles))) or "no options",
        next_step="Choose by hand what you want.",
        why=Why.CONTROL_MISSING,
    )
