"""What one file of the catalogue says, as plain data. What nobody knows is left out, never guessed."""

from __future__ import annotations

import enum
from collections.abc import Mapping  # noqa: TC003 - the loader reads the types of these fields
from dataclasses import dataclass, field

from optout.model import Reading  # noqa: TC001 - as above


class Kind(enum.StrEnum):
    """What opting out takes."""

    BROWSER = "browser"
    FORM = "form"
    LETTER = "letter"
    GUIDE = "guide"
    NONE = "none"


class Confidence(enum.StrEnum):
    """How well label, place and polarity are known, all three together."""

    HIGH = "high"
    MEDIUM_HIGH = "medium-high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, kw_only=True)
class Label:
    """One wording of a setting.

    Attributes:
        language: BCP 47 tag.
        text: the words, as the platform shows them.
        note: where or until when it is worded so.
    """

    language: str
    text: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something a letter must say that only the person knows.

    Attributes:
        name: its placeholder in subject and body.
        what: the same for people, such as "your workspace's address".
        example: what it may look like.
    """

    name: str
    what: str
    example: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An e-mail that the person sends.

    Attributes:
        to: its address; empty where none is known.
        subject: with placeholders such as `{workspace}`.
        body: the same; `{login}` is the account.
        needs: what the other placeholders stand for.
    """

    to: str = ""
    subject: str
    body: str
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One opt-out, or the lack of one.

    Attributes:
        name: as in `slack/global-models`.
        title: the platform's own name for it, or what it is about.
        kind: what opting out takes.
        asks: what the setting decides, in plain words.
        out_means: what is true once it is out, in plain words.
        labels: its wordings, the newest first.
        on_means: polarity: what the setting is while its control is on; None where nothing is known.
        choose: the option that opts out, where it is no switch.
        default: what it is for somebody who never touched it; None where nothing is known.
        default_note: for whom and since when.
        plans: a line per plan or role that differs.
        regions: a line per region that differs.
        url: where it is.
        path: the way there through menus.
        steps: the way there where it takes more words than a path.
        save: what must be done after switching, if anything.
        retroactive: whether opting out reaches what was there before; None where nothing is known.
        retroactive_note: the same in words.
        since: when the setting, or the training, began.
        effort: how much work it is, where somebody counted.
        warnings: what to know before touching it.
        letter: the draft, for a letter.
        instead: for `none`: what else can be done, or why there is nothing to do.
        sources: what all this rests on.
        confidence: how sure it is.
        last_verified: date of the newest source, as far as that is known; empty where it is not.
    """

    name: str
    title: str
    kind: Kind
    asks: str = ""
    out_means: str = ""
    labels: tuple[Label, ...] = ()
    on_means: Reading | None = None
    choose: str = ""
    default: Reading | None = None
    default_note: str = ""
    plans: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    url: str = ""
    path: str = ""
    steps: tuple[str, ...] = ()
    save: str = ""
    retroactive: bool | None = None
    retroactive_note: str = ""
    since: str = ""
    effort: str = ""
    warnings: tuple[str, ...] = ()
    letter: Letter | None = None
    instead: str = ""
    sources: tuple[str, ...]
    confidence: Confidence | None = None
    last_verified: str = ""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What a flow does not say about a setting of its own; it has no place for anything else."""

    plans: tuple[str, ...] = ()
    path: str = ""
    since: str = ""
    effort: str = ""
    warnings: tuple[str, ...] = ()
    confidence: Confidence | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One platform.

    Attributes:
        title: as people call it; empty where a flow says it.
        who: whom this concerns.
        terms: what its terms say about tools like this one, where somebody read them.
        note: what else a person should know.
        settings: its opt-outs that no flow knows.
        beside: by setting, what its flow does not say.
    """

    title: str = ""
    who: str = ""
    terms: str = ""
    note: str = ""
    settings: tuple[Setting, ...] = ()
    beside: Mapping[str, Beside] = field(default_factory=dict)

    def setting(self, name: str) -> Setting | None:
        """The setting of this name, or None."""
        return next((setting for setting in self.settings if setting.name == name), None)
