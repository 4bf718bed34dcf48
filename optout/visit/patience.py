"""How long a visit waits for what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """Time limits in seconds. None of them is a pause: each ends as soon as there is an answer.

    Attributes:
        load: for a page to answer and be parsed.
        render: for a control to appear and make sense on a page that has arrived.
        quiet: how long a page must have stood still before what it shows counts as its last word.
        press: for a click to be possible.
        save: for the page to have sent and finished what it saves.
        sign_in: for the site to react to credentials.
        person: for a person to sign in or click, where the page names no limit of its own.
        flow: for a flow's own method.
        visit: for one automatic visit as a whole.
    """

    load: float = 45.0
    render: float = 10.0
    quiet: float = 0.5
    press: float = 5.0
    save: float = 15.0
    sign_in: float = 45.0
    person: float = 900.0
    flow: float = 5.0
    visit: float = 300.0
