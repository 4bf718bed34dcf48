"""The settings tree: six sections, their rows, and the pages behind those rows."""

from __future__ import annotations

from dataclasses import dataclass

ROOT = "/mypreferences/d/"
PRIVACY = "privacy"
AI_PAGE = "settings/data-for-ai-improvement"
MOVED_PAGE = "settings/practice-moved"
FRAME_PAGE = "settings/data-for-ai-improvement/frame"


@dataclass(frozen=True)
class Row:
    """A line in a list that leads to a page.

    Attributes:
        title: what it says.
        page: path below the root of the settings.
        switches: key and label of each switch on that page; none where no source has a key.
    """

    title: str
    page: str
    switches: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """Rows under a heading."""

    title: str
    rows: tuple[Row, ...]


# Where no public source gives an address, the row leads to one of our own.
_HOW_DATA_IS_USED = Section(
    "How we use your data",
    (
        Row("Manage your data and activity", "practice/manage-your-data"),
        Row("Get a copy of your data", "practice/copy-of-your-data"),
        Row("Search history", "practice/search-history"),
        Row("Personal demographic information", "demographic-info-copy"),
        Row(
            "Social, economic, and workplace research",
            "settings/policy-and-academic-research",
            (("allowAnonymizedDataResearch", "Use data for research"),),
        ),
        Row("", AI_PAGE),
    ),
)

SECTIONS: dict[str, tuple[Section, ...]] = {
    "account": (
        Section(
            "Display",
            (Row("Language", "settings/language"), Row("Dark mode", "dark-mode")),
        ),
        Section(
            "Account management",
            (
                Row("Connected accounts", "connected-microsoft-accounts"),
                Row("Hibernate account", "hibernate-account"),
                Row("Close account", "close-accounts"),
            ),
        ),
    ),
    "sign-in-and-security": (
        Section(
            "Account access",
            (
                Row("Change password", "change-password"),
                Row("Two-step verification", "two-factor-authentication"),
            ),
        ),
    ),
    "profile-visibility": (
        Section(
            "Visibility of your profile",
            (
                Row("Profile viewing options", "profile-viewing-options"),
                Row("Who can see your connections", "connections-visibility"),
                Row("Who can see your last name", "last-name-visibility"),
            ),
        ),
    ),
    PRIVACY: (
        _HOW_DATA_IS_USED,
        Section(
            "Who can reach you",
            (
                Row("Discovery by email address", "settings/discover-me-by-email-address"),
                Row("Discovery by phone number", "settings/discover-me-by-phone-number"),
                Row("Research invitations", "practice/research-invitations"),
            ),
        ),
        Section("Messaging experience", (Row("Read receipts", "practice/read-receipts"),)),
        Section("Job seeking preferences", (Row("Saved answers", "practice/saved-answers"),)),
        Section(
            "Other applications",
            (
                Row("Profile shown by partners", "settings/profile-visibility-for-partners"),
                Row(
                    "Page owners exporting your data",
                    "settings/data-export-by-page-admins",
                    (("practicePageOwners", "Allow Page owners to export your data"),),
                ),
                Row(
                    "Non-essential cookies",
                    "member-cookies",
                    (("nonEssentialCookieConsent", "Allow non-essential cookies"),),
                ),
            ),
        ),
    ),
    "ads": (
        Section(
            "Profile data for ads",
            (
                Row(
                    "Interests and traits",
                    "interest-categories",
                    (("adsPrivacyAllowInterestsAndBehaviors", "Interests and traits"),),
                ),
                Row(
                    "Age range",
                    "settings/ads-by-age",
                    (("allowAdsByAge", "Use your age range for ads"),),
                ),
                Row(
                    "Gender",
                    "settings/ads-by-gender",
                    (("allowAdsByGender", "Use your gender for ads"),),
                ),
                Row(
                    "Inferred location",
                    "settings/ads-inferred-location",
                    (("allowIpToPersonalizeAds", "Use your inferred location for ads"),),
                ),
            ),
        ),
        Section(
            "Activity and partners",
            (
                Row(
                    "Ads elsewhere",
                    "settings/ads-beyond-linkedin",
                    (("allowLinkedInAudienceNetwork", "Ads outside of LinkedIn"),),
                ),
                Row(
                    "Interaction with businesses",
                    "settings/ads-interactions-with-business",
                    (("allowUseOfThirdPartyData", "Use data you've given to businesses"),),
                ),
                Row(
                    "Ad-related actions",
                    "settings/ads-related-actions",
                    (("allowConversionTrackings", "Use your data for ad insights"),),
                ),
                Row(
                    "Affiliates and partners",
                    "settings/share-data-with-select-partners",
                    (
                        (
                            "shareDataWithTrustedPartners",
                            "Share data with affiliates and partners",
                        ),
                    ),
                ),
                Row(
                    "Promotions",
                    "settings/linkedin-promotions",
                    (
                        (
                            "allowProfileAndActivityDataForMarketingAds",
                            "Use profile and activity data for promotions",
                        ),
                        ("tipsForUsingLinkedinViaEmail", "Tips by email"),
                    ),
                ),
            ),
        ),
    ),
    "notifications": (
        Section("What you are told about", (Row("Searching for a job", "practice/job-news"),)),
    ),
}

# What the list shows under `listing-changed`: nothing that anybody knows.
UNRECOGNISABLE = (
    Section(
        "Your choices",
        (
            Row("Your information", "practice/hub-information"),
            Row("Your archive", "practice/hub-archive"),
            Row("Your preferences", "practice/hub-preferences"),
        ),
    ),
)

ROWS = {
    row.page: row
    for sections in (*SECTIONS.values(), UNRECOGNISABLE)
    for section in sections
    for row in section.rows
}
