"""The flow of the workshop: one setting per shape that the contract must carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.flow import (
    Checkbox,
    Choice,
    Confirm,
    Flow,
    IdentityMark,
    Labels,
    Listing,
    MenuItem,
    Mode,
    Opener,
    Reading,
    Scene,
    SceneKind,
    Select,
    Setting,
    SignIn,
    Switch,
    Why,
    Wording,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.flow import Control


def words(*texts: str, part: str = "whole") -> Labels:
    """English wordings."""
    return Labels(*(Wording("en", text, part=part) for text in texts))  # type: ignore[arg-type]


def setting(
    name: str,
    control: Control,
    *,
    places: tuple[str, ...] = (),
    opens: tuple[Opener, ...] = (),
    save: Opener | None = None,
    confirm: Confirm | None = None,
    listing: Listing | None = None,
) -> Setting:
    """A setting of which only the shape matters."""
    return Setting(
        name=name,
        title=name.capitalize(),
        asks="May this be used for training?",
        out_means="It may not be used.",
        control=control,
        places=places or (f"/settings/{name}",),
        opens=opens,
        save=save,
        confirm=confirm,
        listing=listing,
        default=Reading.IN,
        sources=("made up",),
        last_verified="2026-11-22",
    )


_TRAINING = Checkbox(labels=words("Use what I write for training"), section=words("Training"))
AUTO = setting("auto", _TRAINING)
NEIGHBOUR = setting(
    "neighbour", Checkbox(labels=words("Suggest people to me"), section=words("Training")),
    places=("/settings/auto",),
)  # fmt: skip
PREVENT = setting(
    "prevent",
    Checkbox(
        labels=words("Prevent third-party sharing for", part="start"),
        section=words("Sharing"),
        on_means=Reading.OUT,
    ),
    save=Opener(labels=words("Save")),
)
DIALOG = setting(
    "dialog",
    Switch(
        labels=words("Improve the model for everyone"),
        keys=(("data-testid", "improve-model"),),
        in_words=words("On"),
        out_words=words("Off"),
    ),
    # The first address is one that the platform left behind.
    places=("/settings/auto", "/settings/dialog#data"),
    opens=(
        Opener(labels=words("Settings"), keys=(("data-testid", "open-settings"),)),
        Opener(labels=words("Data controls")),
    ),
)
SELECT = setting(
    "select",
    Select(
        labels=words("Allow us to use my data for AI model training"),
        section=words("Privacy"),
        out=words("Disabled"),
        inn=words("Enabled"),
    ),
)
CHOICE = setting(
    "choice",
    Choice(
        section=words("Your writing and AI"),
        out=words("Do not allow training"),
        inn=words("Allow training on my writing", "Ask me first"),
    ),
)
MENU = setting(
    "menu",
    MenuItem(
        labels=words("Turn off your Keep activity setting", "Turn on your Keep activity setting"),
        section=words("Keep activity"),
        switches_out=words("Turn off"),
        switches_in=words("Turn on"),
    ),
    confirm=Confirm(asks=words("Turn off Keep activity?", part="start"), button=words("Turn off")),
)
CONFIRM = setting(
    "confirm",
    Switch(labels=words("Improve the assistant with my chats"), keys=(("data-testid", "improve"),)),
    confirm=Confirm(
        asks=words("Stop improving?", part="start"), button=words("Continue", "Delete my chats")
    ),
)
SITES = setting(
    "sites",
    Checkbox(
        labels=Labels(Wording("en", "out of training", part="end")),
        section=words("AI and this site"),
        on_means=Reading.OUT,
    ),
    places=("/sites",),
)
NAMELESS = setting("nameless", Switch(labels=words("Learn from my notes"), section=words("Learning")))
SKIN = setting(
    "skin",
    Checkbox(
        labels=Labels(
            Wording("en", "Allow AI crawlers", on_means=Reading.IN),
            Wording("en", "Block AI crawlers", on_means=Reading.OUT),
        ),
        keys=(("id", "ai-crawlers"),),
    ),
)
FORM = setting(
    "form",
    Checkbox(labels=words("Train on my profile"), section=words("AI")),
    save=Opener(labels=words("Save changes")),
)
NATIVE = setting("native", Checkbox(labels=words("Train on my notes"), section=words("Notes and AI")))
UNSAVED = setting("unsaved", Checkbox(labels=words("Train on my files"), section=words("Files and AI")))
FRAME = setting("frame", Checkbox(labels=words("Train on what I embed"), section=words("Framed")))
SHADOW = setting(
    "shadow",
    Switch(labels=words("Train on what I draw"), keys=(("data-testid", "shadow"),)),
)
WORDY = setting("wordy", Checkbox(labels=words("Train on what I read"), section=words("Reading")))
SCROLLING = setting(
    "scrolling", Checkbox(labels=words("Train on what I watch"), section=words("Watching"))
)
FAR = setting(
    "far",
    Checkbox(
        labels=Labels(
            Wording("en", "Train on everything I do", part="start"),
            Wording("ja", "コンテンツを作るAIの学習に私のデータを使う"),
            Wording("pt-BR", "Usar meus dados para treinar modelos de IA"),
        ),
        section=Labels(
            Wording("en", "Learning"),
            Wording("ja", "生成AIの改善のためのデータ"),
            Wording("pt-BR", "Dados para aprimoramento da IA generativa"),
        ),
    ),
)
SECOND_PLACE = setting("second-place", _TRAINING, places=("/settings/gone", "/settings/late"))
ABSENT = setting(
    "absent",
    Checkbox(labels=words("Train on nothing"), section=words("Nothing")),
    listing=Listing(
        path="/settings",
        row="absent",
        title=words("Absent"),
        neighbours=("profile", "security", "language"),
    ),
)


class Workshop(Flow):
    """Made up, and made to be awkward."""

    name = "workshop"
    title = "Workshop"
    version = "2026-11-22"
    origin = "https://workshop.example"
    default_mode = Mode.AUTOMATIC
    terms = "There are none."
    practice = "tests.workshop.site:site"
    sign_in = SignIn(
        path="/enter",
        user=("input[name=login]",),
        password=("input[type=password]",),
        submit=words("Sign in"),
    )
    masks = (".photo",)
    identity = (IdentityMark(".who__name"),)
    scenes = (
        Scene(kind=SceneKind.PERSON_ONLY, why=Why.CHALLENGE, marks=("#challenge",)),
        Scene(kind=SceneKind.SIGN_IN_FORM, paths=("/enter",), marks=("input[type=password]",)),
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/enter",)),
        Scene(kind=SceneKind.SIGNED_IN, marks=(".who",)),
    )
    settings = (
        *(AUTO, NEIGHBOUR, PREVENT, DIALOG, SELECT, CHOICE, MENU, CONFIRM, SITES, NAMELESS, SKIN),
        *(FORM, NATIVE, UNSAVED, FRAME, SHADOW, WORDY, SCROLLING, FAR, SECOND_PLACE, ABSENT),
    )

    def objects(self, setting: Setting, links: Sequence[str]) -> Sequence[str]:
        """The member's sites, each with the same box."""
        if setting is not SITES:
            return ()
        return [link for link in links if link.startswith("/sites/")]
