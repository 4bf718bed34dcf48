"""A bundle as a visit leaves it, made without a visit, and changed as a test wants it."""

from __future__ import annotations

import copy
import io
import json
from typing import TYPE_CHECKING, Any

from PIL import Image

from optout.evidence.bundle import write_bundle
from optout.evidence.seal import Seal
from optout.evidence.signing_key import SigningKey

if TYPE_CHECKING:
    from pathlib import Path

_STEP = {
    "reading": "in",
    "locked": None,
    "why": "",
    "detail": "",
    "label": "Use my data",
    "state": "on",
    "language": "en",
    "anchors": ["key", "label"],
    "candidates": [],
    "path": "/settings",
    "at": "2026-11-22T06:34:00.000+00:00",
    "elapsed_s": 0.5,
    "signed_in_as": "A*** E***e",
    "signed_in_ref": "0123",
    "picture": "before.png",
    "connection": {
        "arrived_at": "2026-11-22T06:34:00.000+00:00",
        "server_date": "Sun, 22 Nov 2026 06:34:00 GMT",
        "clock_ahead_s": 0,
        "server": "203.0.113.7:443",
        "tls": {"protocol": "TLS 1.3", "issuer": "An Authority"},
    },
}
VISITED: dict[str, Any] = {
    "schema": "optout-record/2",
    "visit": "feb19078",
    "platform": "exemplar",
    "setting": "ai-training",
    "asks": "May we train on your data?",
    "out_means": "We may not.",
    "account": "a***@example.org",
    "account_ref": "f265818d",
    "origin": "https://exemplar.test",
    "practice": False,
    "mode": "automatic",
    "changed_by": "tool",
    "outcome": "opted-out",
    "why": "",
    "reason": "",
    "signed_in": {"known_from": "the page", "expected_ref": "0123"},
    "before": [_STEP],
    "after": [{**_STEP, "reading": "out", "picture": "after.png"}],
    "writes": [{"method": "PUT", "path": "/api/settings", "status": 200}],
    "notes": ['"Other" is new on the page'],
    "masks": [{"rule": "img.face", "matched": 1}],
    "requests_kept_out": {"tracker.test": 2},
    "flow": {"name": "exemplar", "version": "2026-11-22", "source_sha256": "ab12"},
    "tool": {"optout": "0.1.0", "python": "3.11", "browser": "chromium 156 headless"},
    "started": "2026-11-22T06:33:59.000+00:00",
    "ended": "2026-11-22T06:34:05.000+00:00",
    "elapsed_s": 6.0,
    "does_not_prove": ["that the platform obeys its own switch"],
}
CLAIMED: dict[str, Any] = {
    "schema": "optout-claim/1",
    "visit": "feb19078",
    "platform": "slack",
    "setting": "ai-training",
    "account": "a***@example.org",
    "outcome": "claimed",
    "why": "request-sent",
    "reading": "unknown",
    "proven_by_optout": False,
    "statement": "Whoever recorded this says that they sent a request to opt out.",
    "note": "sent on Monday",
    "handed_in": {"picture": "handed-in.png", "original_format": "PNG"},
    "recorded": "2026-11-22T06:34:00.000+00:00",
    "tool": {"optout": "0.1.0"},
    "does_not_prove": ["that what is said is true"],
}


def picture(colour: str = "#14532d") -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (90, 60), colour).save(out, "PNG")
    return out.getvalue()


def bundle(folder: Path, record: dict[str, Any] = VISITED, *, sealed: bool = True) -> Path:
    """A bundle with this record, signed unless told otherwise."""
    steps = [*record.get("before", ()), *record.get("after", ())]
    names = {"before.png", "after.png"} & {str(step["picture"]) for step in steps}
    names |= {"handed-in.png"} if record.get("handed_in") else set()
    files = {name: picture() for name in names} | {"record.json": json.dumps(record).encode()}
    return write_bundle(folder, files, [Seal(SigningKey.make())] if sealed else []).folder


def with_texts(data: Any, text: str, *, keep: frozenset[str]) -> Any:
    """The same data with a text in the place of every text but those of the names kept."""
    if isinstance(data, dict):
        return {
            name: value if name in keep else with_texts(value, text, keep=keep)
            for name, value in data.items()
        }
    if isinstance(data, list):
        return [with_texts(value, text, keep=keep) for value in data]
    return text if isinstance(data, str) else copy.copy(data)
