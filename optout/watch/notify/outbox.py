"""Sending what waits: every message to every channel, and again at the next run where one refuses."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from optout.accounts.background import in_background
from optout.accounts.redact import redact
from optout.errors import OptoutError
from optout.ledger.notifications import list_channels, note_attempt, waiting
from optout.watch.notify.address import covered, fetch_url, library, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from optout.accounts.keyring_store import KeyringStore
    from optout.ledger.ledger import Ledger
    from optout.ledger.notifications import Channel

LIMIT_S = 60.0
"""Seconds that one message may take on its way to one channel."""

_LONGEST_PROBLEM = 200
_log = logging.getLogger(__name__)


def send_waiting(ledger: Ledger, keyring: KeyringStore, now: Callable[[], datetime]) -> list[str]:
    """Send what waits, the oldest first. A channel that refuses is left alone until the next call.

    Args:
        ledger: where the messages are.
        keyring: where the channels' URLs are.
        now: tells the time, with its zone.

    Returns:
        A sentence for each channel that could not be reached.

    Raises:
        LedgerProblem: the ledger refused.
    """
    channels = {channel.name: channel for channel in list_channels(ledger)}
    refused: dict[str, str] = {}
    for delivery in waiting(ledger):
        channel = channels[delivery.channel]
        if channel.name in refused:
            continue
        problem = send(channel, keyring, delivery.title, delivery.text)
        note_attempt(ledger, delivery, at=now(), problem=problem)
        if problem:
            refused[channel.name] = problem
    return [
        f"{name} ({shown(channels[name].service)}) could not be told: {problem}. The message is kept "
        f"and sent again at the next run. To try now: optout notify test {name}"
        for name, problem in refused.items()
    ]


def send(channel: Channel, keyring: KeyringStore, title: str, text: str) -> str:
    """Send one message to one channel.

    Returns:
        Why that failed, in a phrase without any secret; empty where the service took it.
    """
    try:
        url = fetch_url(channel, keyring)
    except OptoutError as error:
        return redact(f"its URL could not be had ({error.reason})")
    with covered(url):
        try:
            return in_background(lambda: _notify(url.reveal(), title, text)).result(LIMIT_S)
        except TimeoutError:
            return f"no answer within {LIMIT_S:g} s"
        except OptoutError as error:
            return redact(str(error))
        # Whatever a hundred plugins may raise: a message that fails must not cost the run's result.
        except Exception as error:  # noqa: BLE001
            _log.debug("Apprise raised", exc_info=error)
            return redact(f"{type(error).__name__}: {error}")[:_LONGEST_PROBLEM]
        finally:
            url.forget()


def _notify(url: str, title: str, text: str) -> str:
    apprise = library()
    asset = apprise.AppriseAsset(app_id="optout", app_desc="optout", app_url="", async_mode=False)
    service = apprise.Apprise(asset=asset)
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:
        if not service.add(url):
            return "its URL is not one of a service that Apprise knows"
        if service.notify(title=title, body=text, body_format=apprise.NotifyFormat.TEXT):
            return ""
        return redact(" ".join(said.getvalue().split()))[:_LONGEST_PROBLEM] or "it was refused"
