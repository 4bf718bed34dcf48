"""Keeping a person's word that they opted out by hand: a bundle, and a line in the ledger."""

from __future__ import annotations

import datetime
import unicodedata
from typing import TYPE_CHECKING

from optout.accounts.pseudonyms import Pseudonyms
from optout.campaign.closing import close_log, seals, send_on
from optout.campaign.platforms import Platform, Way
from optout.catalogue.entry import Kind
from optout.errors import UsageProblem
from optout.evidence.bundle import write_bundle
from optout.evidence.claim import Claim
from optout.evidence.handed_in import take_in
from optout.ledger import visits
from optout.ledger.accounts import add_account, find_account
from optout.ledger.outcomes import record_result
from optout.model import Account, Mode, Outcome, Reading, Result, Target, Why

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optout.campaign.surroundings import Surroundings
    from optout.catalogue.entry import Setting

_LONGEST_NOTE = 500
_REQUESTS = (Kind.LETTER, Kind.FORM)
_SAID = {
    Why.DONE_BY_HAND: "said on {:%Y-%m-%d} to have been opted out by hand",
    Why.REQUEST_SENT: "a request to opt out, said on {:%Y-%m-%d} to have been sent",
}


def record_claim(
    around: Surroundings,
    platform: Platform,
    setting: Setting,
    account: Account,
    *,
    tell: Callable[[str], None],
    screenshot: Path | None = None,
    note: str = "",
    sent: bool = False,
) -> Result:
    """Keep a person's word that they opted out.

    It is no reading: nothing was seen. So its reading is `unknown`, its outcome a word of its own, and
    no account of what is proven counts it.

    Args:
        around: where.
        platform: the platform.
        setting: one that no flow visits.
        account: whose; it is added to the list where it is not on it.
        tell: called with a sentence where the evidence is not signed or handed over, and why.
        screenshot: what they hand in.
        note: what they add.
        sent: a request was sent, and whether it is met is not known.

    Returns:
        The result, `claimed`, with its bundle in place and in the ledger.

    Raises:
        UsageProblem: there is nothing to claim here, or what is handed in cannot be taken in.
        EvidenceNotWritten: the bundle could not be written; nothing was recorded.
        LedgerProblem: the ledger refused.
    """
    target = Target(account, setting.name)
    _must_be_claimable(platform, setting, target, shown=screenshot is not None, sent=sent)
    note = _one_note(note)
    picture = take_in(screenshot) if screenshot else None
    ledger, at = around.ledger, datetime.datetime.now(datetime.UTC)
    if find_account(ledger, account) is None:
        add_account(ledger, account, at=at)
    run = visits.start_run(ledger, "record", at=at)
    visit = _visit_by_hand(around, run, account, at)
    why = Why.REQUEST_SENT if sent else Why.DONE_BY_HAND
    names = Pseudonyms(around.salt)
    claim = Claim(
        target=target, pseudonyms=names, visit=visit, why=why, at=at, note=note, picture=picture
    )
    try:
        result = _kept(around, claim, tell)
        record_result(ledger, visit, result, around.home.evidence)
    finally:
        visits.end_visit(ledger, visit, at=at)
        visits.end_run(ledger, run, at=at)
    if checkpoint := close_log(around, tell):
        send_on(checkpoint, tell)
    return result


def _kept(around: Surroundings, claim: Claim, tell: Callable[[str], None]) -> Result:
    """The claim's bundle, sealed and in its place, as a result."""
    target, at = claim.target, claim.at
    name = f"{at:%Y%m%dT%H%M%SZ}-{target.setting}-{claim.visit[:8]}"
    folder = around.evidence_folder(target.account) / name
    bundle = write_bundle(folder, claim.files(), seals(around, tell))
    confirm = f"When they confirm it: optout record {target} --screenshot FILE"
    return Result(
        target=target,
        at=at,
        reading=Reading.UNKNOWN,
        outcome=Outcome.CLAIMED,
        why=claim.why,
        reason=f"{_SAID[claim.why].format(at)}; optout has not seen it",
        next_step=confirm if claim.why is Why.REQUEST_SENT else "",
        evidence=bundle.folder,
        evidence_digest=bundle.digest,
    )


def _visit_by_hand(around: Surroundings, run: str, account: Account, at: datetime.datetime) -> str:
    """The ledger's line for what was no visit of ours: it went nowhere, in no browser."""
    return visits.start_visit(
        around.ledger,
        run,
        account,
        origin="",
        practice=False,
        mode=Mode.BY_HAND,
        flow_version="",
        browser="",
        at=at,
    )


def _must_be_claimable(
    platform: Platform, setting: Setting, target: Target, *, shown: bool, sent: bool
) -> None:
    if platform.visits(setting) and setting.kind is not Kind.FORM:
        raise UsageProblem(
            f"optout can see {platform.title}'s setting for itself, and seeing is worth more",
            next_step=f"Let it look: optout check {target}",
        )
    if platform.way(setting) is Way.NOTHING:
        raise UsageProblem(
            f"{platform.title} offers no opt-out that could be recorded", next_step=setting.instead
        )
    if sent and setting.kind not in _REQUESTS:
        raise UsageProblem(
            "--sent is for letters and forms, and this is a setting",
            next_step=f"Show it instead: optout record {target} --screenshot FILE",
        )
    if not shown and not sent:
        or_sent = ", or say that it was sent: --sent" if setting.kind in _REQUESTS else ""
        raise UsageProblem(
            "nothing is handed in that could show it later",
            next_step=f"Hand in a screenshot: --screenshot FILE{or_sent}",
        )


def _one_note(note: str) -> str:
    text = " ".join(note.split())
    if len(text) > _LONGEST_NOTE or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise UsageProblem(
            "the note cannot be kept",
            expected=f"at most {_LONGEST_NOTE} characters of plain text",
            found=f"{len(text)} characters",
        )
    return text
