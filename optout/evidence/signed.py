"""Small signed documents: a line of JSON, with an SSH signature in a file beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optout.evidence.sshsig import NotSigned, ssh_sign, ssh_verify
from optout.evidence.statement import TooNew
from optout.home import write_private
from optout.ledger.chain import MALFORMED, canonical

if TYPE_CHECKING:
    from pathlib import Path

    from optout.evidence.signing_key import PublicKey, SigningKey

SUFFIX = ".sig"
_VERSION = 1


@dataclass(frozen=True)
class Kind:
    """What a document is about.

    Attributes:
        name: such as `checkpoint`; a signature for one kind is none for another.
    """

    name: str

    @property
    def schema(self) -> str:
        """What its documents call themselves, with the version."""
        return f"optout-{self.name}/{_VERSION}"

    @property
    def namespace(self) -> str:
        """The namespace of its signatures, for `ssh-keygen -n`."""
        return f"optout-{self.name}-v{_VERSION}"

    def content(self, facts: dict[str, Any]) -> bytes:
        """The document."""
        return canonical({"schema": self.schema, **facts}) + b"\n"

    def signature(self, content: bytes, key: SigningKey) -> bytes:
        """The signature of one."""
        return ssh_sign(key, content, self.namespace)

    def write(self, path: Path, facts: dict[str, Any], key: SigningKey) -> None:
        """Write a document; its signature first, so that the document is never in view without it.

        Raises:
            OSError: the folder is not writable.
        """
        content = self.content(facts)
        write_private(path.with_name(path.name + SUFFIX), self.signature(content, key))
        write_private(path, content)

    def read(self, path: Path) -> tuple[dict[str, Any], PublicKey]:
        """A document and who signed it.

        Raises:
            NotSigned: it is not signed, was changed, or is something else.
            TooNew: a newer optout wrote it.
            OSError: it cannot be read.
        """
        content = path.read_bytes()
        try:
            signature = path.with_name(path.name + SUFFIX).read_bytes()
        except FileNotFoundError:
            raise NotSigned(f"its signature {path.name}{SUFFIX} is missing") from None
        return self.opened(content, signature)

    def opened(self, content: bytes, signature: bytes) -> tuple[dict[str, Any], PublicKey]:
        """The facts of a document and who signed it; see `read`."""
        key = ssh_verify(signature, content, self.namespace)
        try:
            facts = json.loads(content)
            name, _, version = facts["schema"].rpartition("/")
            newer = int(version) > _VERSION
        except MALFORMED:
            raise NotSigned("it is not a document of optout") from None
        if name != f"optout-{self.name}":
            raise NotSigned(f"it is a {name}, not an optout-{self.name}")
        if newer:
            raise TooNew(f"it is of version {version}, this optout knows {_VERSION}")
        return facts, key
