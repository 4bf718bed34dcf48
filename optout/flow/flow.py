"""The base class of every platform module."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from optout.model import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.flow.scenes import IdentityMark, Scene
    from optout.flow.settings import Setting
    from optout.flow.sign_in import SignIn
    from optout.model import Reading


class Flow:
    """What is known about one platform. Subclasses are fact sheets; methods are for the odd cases.

    A flow opens nothing, writes nothing and never meets a secret: it states facts, and its methods
    are given plain data and give plain data back.

    Attributes:
        name: as typed on the command line; also the folder's name.
        title: as people call the platform.
        version: date of the last change to the flow.
        origin: scheme and host of the platform; paths elsewhere are relative to it. A secret is typed
            only there.
        hosts: further hosts of the platform that its pages load from; no secret is typed there.
        sign_in: the sign-in form.
        scenes: pages to recognise, most specific first.
        identity: where a signed-in page names the person; nothing where no page is known to. A person
            must then be there at every visit and vouch for who is signed in.
        identity_note: why nothing is known about that.
        settings: the opt-outs, the default one first.
        masks: CSS selectors of regions that are painted over in every picture.
        dismiss: CSS selectors of buttons that put away what lies over a settings page.
        embedded_data: CSS selector of elements in which the page carries its own data; empty where
            it carries none.
        default_mode: who signs in and who clicks, where the person does not say.
        mode_note: why that is the default.
        terms: what the platform's terms say about tools like this one.
        pace_s: the least time from the beginning of a visit to this platform to that of the next, in
            seconds; chance makes it longer by up to a half.
        visits_per_hour: how many visits to it may begin in an hour.
        visits_at_once: how many visits to it may go on at the same time, of different accounts.
        practice: `module:function` that makes the practice site.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    version: ClassVar[str]
    origin: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]] = ()
    sign_in: ClassVar[SignIn]
    scenes: ClassVar[tuple[Scene, ...]]
    identity: ClassVar[tuple[IdentityMark, ...]] = ()
    identity_note: ClassVar[str] = ""
    settings: ClassVar[tuple[Setting, ...]]
    masks: ClassVar[tuple[str, ...]] = ()
    dismiss: ClassVar[tuple[str, ...]] = ()
    embedded_data: ClassVar[str] = ""
    default_mode: ClassVar[Mode] = Mode.ATTENDED
    mode_note: ClassVar[str] = ""
    terms: ClassVar[str]
    pace_s: ClassVar[float] = 60.0
    visits_per_hour: ClassVar[int] = 60
    visits_at_once: ClassVar[int] = 2
    practice: ClassVar[str]

    def setting(self, name: str) -> Setting | None:
        """The setting of this name, or None."""
        return next((setting for setting in self.settings if setting.name == name), None)

    def embedded_reading(self, setting: Setting, texts: Sequence[str]) -> Reading | None:  # noqa: ARG002
        """What the page's own data says the setting is, as a second opinion on the control.

        Args:
            setting: the one in question.
            texts: the text of each element that `embedded_data` selects.

        Returns:
            The reading the data states, or None where it states none.
        """
        return None

    def objects(self, setting: Setting, links: Sequence[str]) -> Sequence[str]:  # noqa: ARG002
        """The paths at which the setting stands once per object, such as one per site of an account.

        Args:
            setting: the one in question.
            links: the paths that the page at the setting's place links to.

        Returns:
            One path per object; empty where the setting stands once, at its place.
        """
        return ()
