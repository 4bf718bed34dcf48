"""X: "Grok & Third-party Collaborators", ticked by default, for what comes after only."""

from __future__ import annotations

from optout_flows.x.page import NEIGHBOURS, PAGE, PLACE, SOURCES, TRAINING

from optout.flow import (
    Checkbox,
    Flow,
    IdentityMark,
    Labels,
    Mode,
    Reading,
    Scene,
    SceneKind,
    Setting,
    SignIn,
)

PROFILE = '[data-testid="AppTabBar_Profile_Link"]'
ACCOUNTS = '[data-testid="SideNav_AccountSwitcher_Button"]'


class X(Flow):
    """Facts as of 2026-10. Below the boxes stands a button that deletes: nothing here leads to it."""

    name = "x"
    title = "X (Twitter)"
    version = "2026-11-22"
    origin = "https://x.com"
    hosts = ("abs.twimg.com",)
    default_mode = Mode.GUIDED
    mode_note = (
        "X allows automation through its own API only, so you sign in and untick the box; optout finds "
        "it, waits, and checks that it stayed."
    )
    terms = (
        "X's developer guidelines of March 2026 allow the official API only and no browser automation. "
        "The same box can be unticked by hand at https://x.com/settings/grok_settings"
    )
    practice = "optout_flows.x.practice.site:site"

    sign_in = SignIn(path="/i/flow/login")
    identity = (IdentityMark(PROFILE, "href"),)  # the handle, as in /ada
    scenes = (
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/i/flow/login",)),
        Scene(kind=SceneKind.SIGNED_IN, marks=(PROFILE, ACCOUNTS)),
    )
    settings = (
        Setting(
            name="ai-training",
            title="Grok & Third-party Collaborators: training and fine-tuning",
            asks="May X let xAI train Grok and other models on your public data and your use of Grok?",
            out_means="X may not pass new public data and Grok conversations of yours on for training.",
            control=Checkbox(
                labels=TRAINING,
                keys=(("aria-describedby", "CHECKBOX_1_LABEL"),),
                section=Labels(*PAGE, "Data Sharing"),
            ),
            places=(PLACE,),
            default=Reading.IN,
            default_note="since July 2024; disabled for members under 18",
            regions=("EU and EEA: no source shows another default there",),
            retroactive=False,
            sources=SOURCES,
            last_verified="2026-10-02",
        ),
        *NEIGHBOURS,
    )
