"""What signs an account in: a password and one-time codes, fetched when they are needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.accounts.command import run_secret_command
from optout.accounts.group_commands import OfGroup, filled_in
from optout.accounts.keyring_store import Kept, KeyringStore, secret_name
from optout.accounts.secret import Secret
from optout.accounts.seeds import parse_seed
from optout.errors import SecretUnavailable
from optout.model import SecretKind, SecretSource, Why

if TYPE_CHECKING:
    from datetime import datetime

    from optout.model import Account

LEAST_LEFT_S = 3.0
"""Seconds a code must still be good for; with less it could expire between typing and sending."""

_READY_CODE = re.compile(r"[0-9]{6,8}")

NO_SOURCE = SecretSource()


@dataclass(frozen=True)
class OneTimeCode:
    """A code from an authenticator.

    Attributes:
        code: the digits to type.
        fresh_in_s: seconds to wait before typing it; 0 when it is good already. More than 0 when
            the current code is used up or about to expire, and this is the next one.
    """

    code: Secret
    fresh_in_s: float = 0.0


class Credentials:
    """The secrets of one account for one visit.

    Every question goes to the source again: nothing is kept but the redactor's knowledge of what
    was handed out, and that until `forget()`.

    Args:
        account: whose.
        password: where its password comes from. A `Secret` stands for itself (the demo account).
        totp: where its one-time codes come from: a seed, or for a program also a finished code.
        store: the keyring, for the sources that name it.
    """

    def __init__(
        self,
        account: Account,
        *,
        password: SecretSource | Secret = NO_SOURCE,
        totp: SecretSource | Secret = NO_SOURCE,
        store: KeyringStore | None = None,
    ) -> None:
        self._account = account
        self._password = password
        self._totp = totp
        self._store = store or KeyringStore()
        self._given: list[Secret] = []
        self._last_step = -1
        self._last_printed: Secret | None = None

    @property
    def can_sign_in(self) -> bool:
        """Whether a source for the password is named; says nothing of what it will answer."""
        return isinstance(self._password, Secret) or self._password.kind is not SecretKind.NONE

    def password(self) -> Secret:
        """The password.

        Raises:
            SecretUnavailable: no source is named, or it has no password.
            NotUsableHere: the keyring cannot be asked.
        """
        secret = self._fetch(self._password, Kept.PASSWORD)
        if secret is None:
            raise self._missing("no source for the password is named")
        return secret

    def one_time_code(self, now: datetime) -> OneTimeCode | None:
        """A code that was not given out before, or None where no source for codes is named.

        Args:
            now: the current time, with its time zone.

        Raises:
            SecretUnavailable: the source has no code or seed, or repeats a code it gave before.
            NotUsableHere: the keyring cannot be asked.
        """
        secret = self._fetch(self._totp, Kept.TOTP_SEED)
        if secret is None:
            return None
        if isinstance(self._totp, SecretSource) and self._totp.kind is SecretKind.COMMAND:
            printed = "".join(secret.reveal().split())
            if _READY_CODE.fullmatch(printed):
                return OneTimeCode(self._not_repeated(self._note(Secret(printed))))
        return self._code_from_seed(secret, now.timestamp())

    def forget(self) -> None:
        """Let the redactor drop what was handed out: after the visit's bundle was looked through.

        A `Secret` that was given instead of a source stays known; it belongs to who made it.
        """
        for secret in self._given:
            secret.forget()
        self._given.clear()
        self._last_printed = None

    def _fetch(self, source: SecretSource | Secret, kept: Kept) -> Secret | None:
        if isinstance(source, Secret):
            return source
        if source.kind is SecretKind.NONE:
            return None
        if source.kind is SecretKind.COMMAND:
            of_group = isinstance(source, OfGroup)
            command = filled_in(source.command, self._account) if of_group else source.command
            return self._note(run_secret_command(command))
        secret = self._store.get(secret_name(self._account, kept))
        if secret is None:
            raise self._missing(f"the keyring has no {kept} under this account's name")
        return self._note(secret)

    def _note(self, secret: Secret) -> Secret:
        self._given.append(secret)
        return secret

    def _not_repeated(self, code: Secret) -> Secret:
        if code == self._last_printed:
            raise self._missing("the program printed the same one-time code as before")
        self._last_printed = code
        return code

    def _code_from_seed(self, secret: Secret, now_s: float) -> OneTimeCode:
        try:
            seed = parse_seed(secret)
        except ValueError as error:
            raise self._missing(f"the seed for one-time codes cannot be used: {error}") from None
        self._note(seed.key)
        step = int(now_s // seed.step_s)
        if (step + 1) * seed.step_s - now_s < LEAST_LEFT_S:
            step += 1
        step = max(step, self._last_step + 1)
        self._last_step = step
        return OneTimeCode(
            code=self._note(seed.code(step)),
            fresh_in_s=max(0.0, step * seed.step_s - now_s),
        )

    def _missing(self, found: str) -> SecretUnavailable:
        return SecretUnavailable(
            f"no secret for {self._account}",
            step="sign-in",
            found=found,
            next_step=f"Correct it (optout account add {self._account.platform} {self._account.login} "
            f"--password), or sign in yourself: optout run {self._account} --mode attended",
            why=Why.NO_CREDENTIALS,
        )
