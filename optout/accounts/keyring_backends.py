"""Which of keyring's backends may be given a secret, and why the others may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.accounts.redact import redact
from optout.errors import NotUsableHere

if TYPE_CHECKING:
    from collections.abc import Mapping

    from keyring.backend import KeyringBackend

CHOICE = "OPTOUT_KEYRING_BACKEND"
"""The variable in which the user names one more backend, by its dotted class name."""

OTHER_WAYS = (
    "Without one, name a program that prints the password (--password-command) and one that prints a "
    "key to seal sessions with (OPTOUT_KEY_COMMAND), or sign in at each visit (--mode attended)."
)

_SYSTEM_STORES = {
    "keyring.backends.SecretService.Keyring": "SecretService",
    "keyring.backends.libsecret.Keyring": "libsecret",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.kwallet.DBusKeyringKWallet4": "KWallet",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
}
_CHAINER = "keyring.backends.chainer.ChainerBackend"
# Refused even where the user names them.
_NEVER = {
    "keyring.backends.fail.": "no keyring runs here, as is common over SSH and in containers",
    "keyring.backends.null.": "it stores nothing and says that it did",
    "keyrings.alt.": "it writes secrets to a file that whoever has the disk can read",
}


def choose_backend(environ: Mapping[str, str]) -> KeyringBackend:
    """The backend that the user named, or the one keyring settles on, if it may be used.

    Of a chain its first usable member is returned: the chain itself would hand a secret on to the
    members that are not.

    Raises:
        NotUsableHere: there is none, or it is not one that keeps a secret.
    """
    named = environ.get(CHOICE, "")
    ring = _load(named) if named else _settled()
    chain = class_name(ring) == _CHAINER
    members: list[KeyringBackend] = list(getattr(ring, "backends", ())) if chain else [ring]
    for member in members:
        if _refusal(class_name(member), named) is None:
            return member
    name = class_name(members[0]) if members else _CHAINER
    raise refused(name, _refusal(name, named) or "it has no members")


def class_name(ring: KeyringBackend) -> str:
    """The dotted name of a backend's class; subclasses of a known one are not that one."""
    return f"{type(ring).__module__}.{type(ring).__qualname__}"


def shown_name(ring: KeyringBackend) -> str:
    """The backend's name for people."""
    return _SYSTEM_STORES.get(class_name(ring), class_name(ring))


def refused(name: str, reason: str) -> NotUsableHere:
    """The error for a backend that is not given any secret."""
    return NotUsableHere(
        "no keyring can be used here",
        found=f"{reason} ({name})" if name else reason,
        next_step=OTHER_WAYS,
    )


def _refusal(name: str, named: str) -> str | None:
    for prefix, reason in _NEVER.items():
        if name.startswith(prefix):
            return reason
    if name in _SYSTEM_STORES or name == named:
        return None
    return f"optout does not know whether it keeps secrets safe; if you do, set {CHOICE}={name}"


def _load(named: str) -> KeyringBackend:
    from keyring.core import load_keyring  # noqa: PLC0415 - takes 0.1 s, and few commands need it

    try:
        return load_keyring(named)
    except (ImportError, AttributeError, TypeError, ValueError, RuntimeError) as error:
        reason = f"{CHOICE} names it, but it cannot be loaded ({redact(str(error))})"
        raise refused(named, reason) from None


def _settled() -> KeyringBackend:
    from keyring import get_keyring  # noqa: PLC0415 - as above

    try:
        return get_keyring()
    except (ImportError, AttributeError, TypeError, ValueError, RuntimeError) as error:
        reason = f"keyring's own settings name one that cannot be loaded ({redact(str(error))})"
        raise refused("", reason) from None
