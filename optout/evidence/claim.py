"""What a bundle says about something that only its owner has seen: a statement, never a proof."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import optout
from optout.accounts.logins import masked
from optout.accounts.pseudonyms import without_names
from optout.accounts.redact import redact
from optout.evidence.caption import Caption, captioned
from optout.evidence.capture import Part, Shot
from optout.model import Outcome, Reading, Why

if TYPE_CHECKING:
    from datetime import datetime

    from optout.accounts.pseudonyms import Pseudonyms
    from optout.evidence.handed_in import HandedIn
    from optout.model import Target

SCHEMA = "optout-claim/1"
RECORD = "record.json"
PICTURE = "handed-in.png"
_STATEMENTS = {
    Why.DONE_BY_HAND: "Whoever recorded this says that they opted out by hand.",
    Why.REQUEST_SENT: "Whoever recorded this says that they sent a request to opt out.",
}
_DOES_NOT_PROVE = [
    "that what is said is true: optout has seen neither the platform nor the request",
    "whose screen the picture shows, if there is one, or when it was taken",
    "that the platform obeys its own switch or the request",
    "anything about data used before",
]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Somebody's word that a setting is out.

    Attributes:
        target: which.
        pseudonyms: what people are called in it.
        visit: the id under which the ledger has it.
        why: `done-by-hand` or `request-sent`.
        at: when it was recorded, UTC.
        note: what the person adds, in their own words.
        picture: what they handed in, if anything.
    """

    target: Target
    pseudonyms: Pseudonyms
    visit: str
    why: Why
    at: datetime
    note: str = ""
    picture: HandedIn | None = None

    @property
    def statement(self) -> str:
        """The claim in one sentence."""
        return _STATEMENTS[self.why]

    def files(self) -> dict[str, bytes]:
        """The bundle's files: the record, and the picture under a caption that says what it is."""
        picture = {PICTURE: self._captioned(self.picture)} if self.picture else {}
        return {RECORD: self._record(), **picture}

    def _record(self) -> bytes:
        data = {
            "schema": SCHEMA,
            "visit": self.visit,
            "platform": self.target.account.platform,
            "setting": self.target.setting,
            "account": masked(self.target.account.login),
            "account_ref": self.pseudonyms.of_account(self.target.account),
            "outcome": Outcome.CLAIMED,
            "why": self.why,
            "reading": Reading.UNKNOWN,
            "proven_by_optout": False,
            "statement": self.statement,
            "note": without_names(redact(self.note), self.target.account),
            "handed_in": _about(self.picture) if self.picture else None,
            "recorded": self.at.isoformat(),
            "tool": {"optout": optout.__version__},
            "does_not_prove": _DOES_NOT_PROVE,
        }
        return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()

    def _captioned(self, picture: HandedIn) -> bytes:
        caption = Caption(
            title="Handed in by hand: a statement, not a proof",
            lines=(
                str(self.target),
                f"recorded {self.at:%Y-%m-%d %H:%M:%S} UTC by optout {optout.__version__}",
                f"{self.statement} optout did not take this picture and has not seen the setting.",
            ),
            practice=False,
        )
        whole = (0.0, 0.0, float(picture.width), float(picture.height))
        return captioned(Shot((Part(picture.picture, whole),)), caption)


def _about(picture: HandedIn) -> dict[str, Any]:
    return {
        "picture": PICTURE,
        "original_format": picture.original_format,
        "original_size": list(picture.original_size),
        "original_sha256": picture.original_sha256,
    }
