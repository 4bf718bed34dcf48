"""The signing key: made once, kept where secrets are kept, handed over, and never guessed at."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
)

from optout.accounts.keys import COMMAND, KeySource, NoKey
from optout.accounts.secret import Secret
from optout.errors import NotUsableHere, SecretUnavailable, UsageProblem
from optout.evidence.key_folder import KeyFolder, family
from optout.evidence.own_key import OwnKeys
from optout.evidence.signing_key import PublicKey, SigningKey

if TYPE_CHECKING:
    from pathlib import Path

PRINTED = {COMMAND: "echo a-key-of-more-than-32-random-characters"}


@dataclass
class Drawer:
    """A store of secrets that counts how often it is opened."""

    kept: dict[str, str] = field(default_factory=dict)
    opened: int = 0
    locked: bool = False

    def get(self, name: str) -> Secret | None:
        self.opened += 1
        if self.locked:
            raise NotUsableHere("the keyring cannot be used", found="locked", next_step="Unlock it.")
        return Secret(self.kept[name]) if name in self.kept else None

    def set(self, name: str, secret: Secret) -> None:
        self.kept[name] = secret.reveal()


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def keys(tmp_path: Path, drawer: Drawer) -> OwnKeys:
    return OwnKeys(KeyFolder(tmp_path / "keys"), drawer)


def by_program(folder: Path, printed: dict[str, str] = PRINTED) -> OwnKeys:
    """Keys of a server without a keyring."""
    return OwnKeys.of(folder, None, KeySource(environ=printed), environ=printed)  # type: ignore[arg-type]


def test_the_key_is_made_at_first_use_and_fits_every_keyring(keys: OwnKeys, drawer: Drawer) -> None:
    made = keys.usable()
    assert [len(text) for text in drawer.kept.values()] == [44]
    assert keys.folder.own == [made.public]


def test_many_bundles_cost_one_look_into_the_keyring(keys: OwnKeys, drawer: Drawer) -> None:
    keys.usable()
    before = drawer.opened
    for _ in range(5):
        keys.seals()
    assert drawer.opened == before


def test_another_process_finds_the_same_key(keys: OwnKeys, drawer: Drawer) -> None:
    assert OwnKeys(keys.folder, drawer).usable().public == keys.usable().public


def test_without_a_key_nothing_is_sealed_and_it_is_said_once(keys: OwnKeys, drawer: Drawer) -> None:
    drawer.locked = True
    made, missing = keys.seals()
    assert made == ()
    assert missing is not None
    assert (missing.reason, COMMAND in missing.next_step) == ("locked", True)
    assert keys.seals() == ((), None)


def test_a_key_that_was_there_is_never_replaced_unasked(keys: OwnKeys, drawer: Drawer) -> None:
    keys.usable()
    drawer.kept.clear()
    found = OwnKeys(keys.folder, drawer).current()
    assert isinstance(found, NoKey)
    assert "there was one (SHA256:" in found.reason
    assert "optout evidence key rotate --lost" in found.next_step
    assert drawer.kept == {}


def test_a_damaged_key_is_named(keys: OwnKeys, drawer: Drawer) -> None:
    keys.usable()
    drawer.kept = dict.fromkeys(drawer.kept, "A" * 43)
    with pytest.raises(SecretUnavailable, match="damaged"):
        OwnKeys(keys.folder, drawer).usable()


def test_the_old_key_signs_that_the_new_one_may(keys: OwnKeys) -> None:
    old = keys.usable()
    name, new = keys.rotate(lost=False)
    assert (name, keys.usable()) == (old.public.fingerprint, new)
    assert family([old.public], keys.folder.successions) == {old.public, new.public}
    assert family([new.public], keys.folder.successions) == {old.public, new.public}
    assert keys.folder.problems() == []


def test_a_lost_key_vouches_for_nobody(keys: OwnKeys, drawer: Drawer) -> None:
    old = keys.usable()
    drawer.kept.clear()
    again = OwnKeys(keys.folder, drawer)
    name, new = again.rotate(lost=True)
    assert name == old.public.fingerprint
    assert family([old.public], keys.folder.successions) == {old.public}
    assert again.folder.latest == new.public


def test_without_the_old_key_it_is_not_handed_over(keys: OwnKeys, drawer: Drawer) -> None:
    keys.usable()
    drawer.kept.clear()
    with pytest.raises(SecretUnavailable, match="no key to sign with"):
        OwnKeys(keys.folder, drawer).rotate(lost=False)


def test_an_organisations_key_signs_too_and_vouches_for_this_one(keys: OwnKeys, drawer: Drawer) -> None:
    organisation = SigningKey.make()
    keys.import_counter(organisation)
    _, new = keys.rotate(lost=False)
    assert new.public in family([organisation.public], keys.folder.successions)
    (seal,), _ = OwnKeys(keys.folder, drawer).seals()
    assert organisation.public.fingerprint.encode() in seal.seal(b"")["manifest.dsse.json"]


def test_an_organisations_key_that_is_gone_is_said_and_the_own_one_signs(
    keys: OwnKeys, drawer: Drawer
) -> None:
    keys.import_counter(SigningKey.make())
    del drawer.kept["optout:evidence:counter-key"]
    made, missing = OwnKeys(keys.folder, drawer).seals()
    assert len(made) == 1
    assert missing is not None
    assert "optout evidence key import" in missing.next_step


def test_on_a_server_the_key_is_sealed_in_a_file(tmp_path: Path) -> None:
    made = by_program(tmp_path).usable()
    assert by_program(tmp_path).usable().public == made.public
    assert made.text().encode() not in (tmp_path / "key.sealed").read_bytes()
    other = by_program(tmp_path, {COMMAND: "echo another-key-of-more-than-32-characters"}).current()
    assert isinstance(other, NoKey)
    assert "the key of before" in other.next_step


def test_a_failing_program_leaves_evidence_unsigned(tmp_path: Path) -> None:
    assert isinstance(by_program(tmp_path, {COMMAND: "false"}).current(), NoKey)


def test_public_keys_are_what_openssh_and_openssl_write(tmp_path: Path) -> None:
    key = SigningKey.make().public
    assert PublicKey.read(key.openssh.encode()) == PublicKey.read(key.pem) == key
    tool = shutil.which("ssh-keygen") or pytest.skip("this system has no ssh-keygen")
    (tmp_path / "key.pub").write_text(key.openssh)
    told = subprocess.run([tool, "-lf", "key.pub"], cwd=tmp_path, capture_output=True, check=True)
    assert key.fingerprint.encode() in told.stdout


@pytest.mark.parametrize("passphrase", ["", "a long passphrase"])
def test_a_key_of_ssh_keygen_can_be_taken_in(tmp_path: Path, passphrase: str) -> None:
    tool = shutil.which("ssh-keygen") or pytest.skip("this system has no ssh-keygen")
    made = [tool, "-q", "-t", "ed25519", "-N", passphrase, "-a", "1", "-f", str(tmp_path / "key")]
    subprocess.run(made, check=True)
    content = (tmp_path / "key").read_bytes()
    if passphrase and find_spec("bcrypt") is None:
        with pytest.raises(UsageProblem, match="ssh-keygen -p"):
            SigningKey.read(content, passphrase.encode())
        return
    read = SigningKey.read(content, passphrase.encode() or None)
    assert read.public == PublicKey.read((tmp_path / "key.pub").read_bytes())


def test_a_key_of_openssl_can_be_taken_in() -> None:
    made = Ed25519PrivateKey.generate()
    content = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"right"))
    assert SigningKey.read(content, b"right").public.raw == made.public_key().public_bytes_raw()
    with pytest.raises(UsageProblem, match="another passphrase"):
        SigningKey.read(content, b"wrong")
    with pytest.raises(TypeError):
        SigningKey.read(content)


@pytest.mark.parametrize("text", [b"", b"ssh-rsa AAAA", b"-----BEGIN PUBLIC KEY-----\n", b"\xff\x00"])
def test_what_is_no_key_is_refused(text: bytes) -> None:
    with pytest.raises(UsageProblem, match="ssh-keygen -t ed25519"):
        PublicKey.read(text)


def test_a_key_of_another_kind_is_named() -> None:
    other = generate_private_key(SECP256R1()).public_key()
    with pytest.raises(UsageProblem, match="ECPublicKey"):
        PublicKey.read(other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def test_a_key_shows_nothing_of_itself() -> None:
    key = SigningKey.make()
    assert key.text() not in repr(key)
