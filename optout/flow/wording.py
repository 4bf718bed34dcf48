"""Words on a page, per language, with the dates they were seen."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.model import Reading

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("’‘‛ʼ´`", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
    }
)


def plain(text: str) -> str:
    """Text with the differences removed that typography makes and people do not see.

    Curly quotes, non-breaking spaces and hyphens, soft hyphens and other marks without width, runs of
    white space, letter case and composed accents differ between two renderings of one label, so labels
    are never compared byte for byte.
    """
    text = text.translate(_TYPOGRAPHY)
    if text.isascii():  # what is left of this is letter case and white space
        return " ".join(text.casefold().split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = (sign for sign in folded if unicodedata.category(sign) != "Cf")
    # Folding the case may take an accent apart again.
    return " ".join(unicodedata.normalize("NFKC", "".join(seen)).split())


@dataclass(frozen=True)
class Wording:
    """One text as a platform wrote it.

    Attributes:
        language: BCP 47 tag, such as `en` or `pt-BR`.
        text: the words.
        seen: first and last sighting, such as `2024-09/2026-06`; open at the end while it stands.
        source: where that is written down.
        part: how much of the page's text this is.
        on_means: what a control so labelled stands for when it is on; None leaves it to the control.
    """

    language: str
    text: str
    seen: str = ""
    source: str = ""
    part: Literal["whole", "start", "end", "within"] = "whole"
    on_means: Reading | None = None

    def matches(self, shown: str) -> bool:
        """Whether a text on the page is this wording."""
        text, mine = plain(shown), plain(self.text)
        if self.part == "whole":
            return text == mine
        if self.part == "start":
            return text.startswith(mine)
        return text.endswith(mine) if self.part == "end" else mine in text


@dataclass(frozen=True, init=False)
class Labels:
    """Every known wording of one thing, in every known language."""

    wordings: tuple[Wording, ...]

    def __init__(self, *wordings: Wording | str) -> None:
        """Keep the wordings; a plain text is an English one."""
        full = (Wording("en", each) if isinstance(each, str) else each for each in wordings)
        object.__setattr__(self, "wordings", tuple(full))

    def __bool__(self) -> bool:
        return bool(self.wordings)

    def __iter__(self) -> Iterator[Wording]:
        return iter(self.wordings)

    def match(self, shown: str) -> Wording | None:
        """The wording that a text on the page is, whatever the language; None when there is none."""
        return next((wording for wording in self.wordings if wording.matches(shown)), None)

    def knows(self, language: str) -> bool:
        """Whether there is a wording for this language tag, or for its main language.

        A page in a language we have words for must use one of them; in any other language the words
        prove nothing.
        """
        main = language.casefold().partition("-")[0]
        return bool(main) and any(
            wording.language.casefold().partition("-")[0] == main for wording in self.wordings
        )
