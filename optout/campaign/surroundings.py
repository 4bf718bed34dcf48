"""What every run works with: files, ledger, secrets, and who to talk to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from optout.accounts.keyring_store import KeyringStore
from optout.accounts.keys import KeySource, installation_salt
from optout.accounts.logins import account_folder
from optout.accounts.sessions import SessionStore
from optout.campaign.recording import Recording
from optout.errors import EvidenceNotWritten
from optout.evidence.layout import Layout
from optout.evidence.own_key import OwnKeys
from optout.evidence.store import EvidenceStore
from optout.home import private_folder
from optout.ledger.shared import shared_salt

if TYPE_CHECKING:
    from pathlib import Path

    from optout.campaign.targets import Job
    from optout.home import Home
    from optout.ledger.ledger import Ledger
    from optout.model import Account, Result
    from optout.visit.browser import OpenBrowser


class Audience(Protocol):
    """Whoever watches a run: a person at a terminal, or a log."""

    def tell(self, message: str) -> None:
        """Say one sentence."""

    def begins(self, job: Job) -> None:
        """A visit begins."""

    def uses(self, browser: OpenBrowser) -> None:
        """A browser was chosen and started."""

    def established(self, result: Result) -> None:
        """A result stands, with its bundle in place and in the ledger."""


@dataclass(frozen=True)
class Surroundings:
    """The places and stores of one installation.

    Attributes:
        home: its folders.
        ledger: its ledger, open.
        keyring: where passwords are.
        sessions: where sealed sessions are.
        salt: the key behind the names of accounts' folders and of people in evidence.
        signing: the keys that evidence is signed with.
        recording: what enters results in the ledger.
    """

    home: Home
    ledger: Ledger
    keyring: KeyringStore
    sessions: SessionStore
    salt: bytes
    signing: OwnKeys
    recording: Recording

    @classmethod
    def of(cls, home: Home, ledger: Ledger) -> Surroundings:
        """The surroundings of an installation.

        Raises:
            OSError: its folders cannot be made or read.
            UsageProblem: the environment names an evidence store that cannot be one.
            NotUsableHere: what speaks to the evidence store is not installed.
        """
        private_folder(home.data)
        own_salt = installation_salt(home.data)
        keyring = KeyringStore()
        source = KeySource(keyring)
        sessions = SessionStore(home.sessions, source, own_salt)
        signing = OwnKeys.of(Layout(home.data).keys, keyring, source)
        salt = shared_salt(ledger, own_salt)
        recording = Recording(ledger, home.evidence, EvidenceStore.named())
        return cls(home, ledger, keyring, sessions, salt, signing, recording)

    def evidence_folder(self, account: Account) -> Path:
        """Where an account's bundles go; the name says nothing to whoever finds it.

        Raises:
            EvidenceNotWritten: the folder cannot be made.
        """
        folder = self.home.evidence / account_folder(account, self.salt)
        try:
            return private_folder(folder)
        except OSError as error:
            raise EvidenceNotWritten(
                f"the folder for evidence {folder} cannot be made, so nothing was visited",
                step="evidence",
                found=error.strerror or type(error).__name__,
                next_step="Make room or make it writable (see: optout doctor), then run this again.",
            ) from None
