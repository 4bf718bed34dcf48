"""One secret string that shows itself only when asked by name."""

from __future__ import annotations

import hmac
from typing import NoReturn, final

from optout.accounts import redact

_SHOWN = "Secret(…)"


@final
class Secret:
    """A password, seed, code or key.

    It cannot be printed, formatted, pickled, copied, hashed or turned into JSON, and the redactor
    knows its text from the moment it exists. That lasts until `forget()` and not merely until the
    object is collected: an error text or a bundle that is looked at after the last reference has
    gone must still be clean.

    Args:
        text: the secret itself, at least one character.

    Raises:
        ValueError: the text is empty, which is a missing secret and not a secret.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if not text:
            raise ValueError("a secret cannot be empty")
        self._text = text
        redact.cover(text)

    def reveal(self) -> str:
        """The secret in clear: call it where it is typed or sent, and keep the result nowhere.

        Raises:
            ValueError: the secret was forgotten.
        """
        if not self._text:
            raise ValueError("this secret was forgotten")
        return self._text

    def forget(self) -> None:
        """Drop the text, and let the redactor drop it too unless another secret equals it."""
        if self._text:
            redact.uncover(self._text)
            self._text = ""

    def __repr__(self) -> str:
        return _SHOWN

    def __format__(self, spec: str) -> str:
        # A width would be harmless, but an unknown one would raise in the middle of an error text.
        return _SHOWN

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same text, in a time that does not depend on where they differ."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self._text), _bytes(other._text))

    # A hash helps guessing, and a dictionary of secrets is one more place that keeps them.
    __hash__ = None  # type: ignore[assignment]

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse pickling and copying, which both come through here.

        Raises:
            TypeError: always.
        """
        raise TypeError("a secret is neither copied nor pickled")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
