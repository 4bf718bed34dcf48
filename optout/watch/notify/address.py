"""The secret URL of a channel: checked, kept in the keyring, and fetched when a message goes out."""

from __future__ import annotations

import contextlib
import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from optout.accounts.command import run_secret_command
from optout.accounts.secret import Secret
from optout.errors import NotUsableHere, SecretUnavailable, UsageProblem
from optout.model import SecretKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.accounts.keyring_store import KeyringStore
    from optout.ledger.notifications import Channel

_SHORTEST_PART = 4


def keyring_name(channel: str) -> str:
    """The keyring's service name of a channel: `optout:notify:mail:url`."""
    return f"optout:notify:{channel}:url"


def shown(service: str) -> str:
    """A channel's URL as it may be shown: what comes after the colon can hold keys anywhere."""
    return f"{service}://…" if service else "what a program prints"


def library() -> Any:
    """Apprise, which knows how a hundred services are told something.

    Raises:
        NotUsableHere: it is not installed.
    """
    try:
        import apprise  # noqa: PLC0415 - an extra, and only who notifies should wait for it
    except ImportError:
        raise NotUsableHere(
            "notifications need Apprise, which is not installed",
            step="notify",
            next_step="Run: pip install 'optout[notify]'",
        ) from None
    return apprise


def check_url(url: Secret) -> str:
    """The service that a URL names.

    Raises:
        UsageProblem: Apprise cannot make sense of it; it is not repeated.
        NotUsableHere: Apprise is not installed.
    """
    apprise = library()
    with covered(url), apprise.LogCapture(level=logging.CRITICAL):
        plugin = apprise.Apprise.instantiate(url.reveal(), suppress_exceptions=True)
    scheme = re.match(r"[a-z0-9+-]+(?=://)", url.reveal(), re.IGNORECASE)
    if plugin is None or scheme is None:
        raise UsageProblem(
            "that is not the URL of a service that can be told",
            step="notify",
            expected="one such as mailto://…, slack://…, json://…: "
            "https://github.com/caronc/apprise/wiki lists them",
            found=shown(scheme[0]) if scheme else "a text without ://",
            next_step="Nothing was stored; try again.",
        )
    return scheme[0].lower()


def fetch_url(channel: Channel, keyring: KeyringStore) -> Secret:
    """The URL of a channel, from where it is kept.

    Raises:
        SecretUnavailable: it is not there, or the program that prints it does not.
        NotUsableHere: the keyring cannot be asked.
    """
    if channel.url.kind is SecretKind.COMMAND:
        return run_secret_command(channel.url.command)
    if url := keyring.get(keyring_name(channel.name)):
        return url
    raise SecretUnavailable(
        f"the keyring has no URL for {channel.name}",
        step="notify",
        next_step=f"Add it again: optout notify add --name {channel.name}",
    )


@contextlib.contextmanager
def covered(url: Secret) -> Iterator[None]:
    """Keeps the parts of a URL out of every text: libraries quote hosts, users and tokens alone."""
    parts = [Secret(part) for part in set(_parts(url.reveal()))]
    try:
        yield
    finally:
        for part in parts:
            part.forget()


def _parts(url: str) -> Iterator[str]:
    _, _, rest = url.partition("://")
    for part in re.split(r"[/?&=@:#,;]", rest):
        for spelling in (part, unquote(part)):
            if len(spelling) >= _SHORTEST_PART:
                yield spelling
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return
    if host and len(host) >= _SHORTEST_PART:
        yield host
