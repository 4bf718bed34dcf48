"""The switches beside the one for AI training: what else may be done with a member's data."""

from __future__ import annotations

from optout.flow import Labels, Reading, Setting, Switch

BRAVE = "https://github.com/brave/psst-component (src/linkedin/user.ts, 2026-07-30)"
GUIDE = "https://github.com/StellarSand/privacy-settings (2026-06-23)"
HELP = "https://www.linkedin.com/help/linkedin/answer/a1397243"


def _switch(
    name: str,
    group: str,
    who: str,
    may: str,
    /,
    *,
    title: str,
    label: str,
    page: str,
    key: str = "",
    sources: tuple[str, ...] = (BRAVE, GUIDE),
    regions: tuple[str, ...] = (),
) -> Setting:
    """One switch on a page of its own; `key` is what the page's own code calls it."""
    return Setting(
        name=name,
        group=group,
        title=title,
        asks=f"May {who} {may}?",
        out_means=f"{who[0].upper()}{who[1:]} may not {may}.",
        control=Switch(
            keys=(("aria-labelledby", key),) if key else (),
            labels=Labels(label),
            section=Labels(title),
        ),
        places=(f"/mypreferences/d/{page}",),
        default=Reading.UNKNOWN,
        regions=regions,
        sources=sources,
        last_verified="2026-07-30" if BRAVE in sources else "2026-06-23",
    )


NEIGHBOURS = (
    _switch(
        *("research", "privacy", "LinkedIn", "use your data for research"),
        title="Social, economic, and workplace research",
        label="Use data for research",
        page="settings/policy-and-academic-research",
        key="allowAnonymizedDataResearch",
    ),
    _switch(
        *("page-owners", "privacy", "owners of pages", "export your data"),
        title="Page owners exporting your data",
        label="Allow Page owners to export your data",
        page="settings/data-export-by-page-admins",
        sources=(GUIDE,),
    ),
    _switch(
        *("partners", "ads", "LinkedIn", "share your data with affiliates and partners for advertising"),
        title="Data sharing with affiliates and partners",
        label="Share data with affiliates and partners",
        page="settings/share-data-with-select-partners",
        key="shareDataWithTrustedPartners",
        regions=("EU, EEA, Switzerland: not there, as guides say",),
        sources=(BRAVE, HELP),
    ),
    _switch(
        *("ads-interests", "ads", "LinkedIn", "choose ads by your interests and traits"),
        title="Interests and traits",
        label="Interests and traits",
        page="interest-categories",
        key="adsPrivacyAllowInterestsAndBehaviors",
    ),
    _switch(
        *("ads-age", "ads", "LinkedIn", "choose ads by your age range"),
        title="Age range",
        label="Use your age range for ads",
        page="settings/ads-by-age",
        key="allowAdsByAge",
    ),
    _switch(
        *("ads-gender", "ads", "LinkedIn", "choose ads by your gender"),
        title="Gender",
        label="Use your gender for ads",
        page="settings/ads-by-gender",
        key="allowAdsByGender",
    ),
    _switch(
        *("ads-elsewhere", "ads", "LinkedIn", "use your data for ads outside of LinkedIn"),
        title="Ads outside of LinkedIn",
        label="Ads outside of LinkedIn",
        page="settings/ads-beyond-linkedin",
        key="allowLinkedInAudienceNetwork",
        sources=(BRAVE, GUIDE, HELP),
    ),
    _switch(
        *("ads-businesses", "ads", "LinkedIn", "choose ads by data you gave to businesses"),
        title="Interaction with businesses",
        label="Use data you've given to businesses",
        page="settings/ads-interactions-with-business",
        key="allowUseOfThirdPartyData",
    ),
    _switch(
        *("ads-insights", "ads", "LinkedIn", "use your data for ad insights"),
        title="Ad-related actions",
        label="Use your data for ad insights",
        page="settings/ads-related-actions",
        key="allowConversionTrackings",
    ),
)
