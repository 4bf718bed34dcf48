"""Grammarly: "Product Improvement and Training", on by default, at an address per plan."""

from __future__ import annotations

from optout.flow import Flow, Labels, Mode, Reading, Scene, SceneKind, Setting, SignIn, Toggle


class Grammarly(Flow):
    """Facts as of 2026-05."""

    name = "grammarly"
    title = "Grammarly"
    version = "2026-11-22"
    origin = "https://account.grammarly.com"
    default_mode = Mode.ATTENDED
    mode_note = (
        "No source says how its sign-in looks or where its pages name the person, and its terms were "
        "not read through for tools like this one, so you sign in and stay at the window."
    )
    terms = (
        "No ban on operating one's own settings was found; the terms were not read through. The same "
        "switch can be set by hand at https://account.grammarly.com/security/privacy"
    )
    practice = "optout_flows.grammarly.practice.site:site"

    sign_in = SignIn(path="/login", hosts=("www.grammarly.com",))
    identity_note = "No source says where its pages name the person."
    scenes = (
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/login*", "/signin*")),
        Scene(kind=SceneKind.SIGNED_IN, paths=("/security/*", "/admin/*")),
    )
    settings = (
        Setting(
            name="ai-training",
            title="Product Improvement and Training",
            asks="May Grammarly use what you write to train its models and improve its product?",
            out_means="Grammarly may not use your content to train its models or improve its product.",
            control=Toggle(
                labels=Labels("Product Improvement and Training", "Product Improvement & Training"),
                section=Labels("Security & Privacy", "Privacy", "Data Settings"),
            ),
            # Free and Premium; Pro with a single user.
            places=("/security/privacy", "/admin/data_settings"),
            default=Reading.IN,
            default_note=(
                "for Free, Premium and single-user Pro; where several share a plan its administrator "
                "decides, and Enterprise and what sales sold is off"
            ),
            sources=(
                "Grammarly Support, https://support.grammarly.com/hc/en-us/articles/25555503115277",
                "a public audit of vendors' policies (reviewed 2026-05-26)",
                "the sign-in addresses, in public code",
            ),
            last_verified="2026-05-26",
        ),
    )
