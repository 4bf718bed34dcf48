"""How a platform's sign-in form is filled."""

from __future__ import annotations

from dataclasses import dataclass, field

from optout.flow.wording import Labels


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A password form on one page. Of several matches the first visible one is meant.

    Attributes:
        path: where the form is.
        user: CSS selectors of the login field.
        password: CSS selectors of the password field.
        code: CSS selectors of the field for a one-time code.
        submit: names of the button that signs in; where none shows, Enter is pressed instead.
        code_submit: CSS selectors of the button that sends a one-time code.
        remembered_user: CSS selector of the hidden field with the login, where only the password shows.
        polling_limit: CSS selector of the element that says for how many seconds the page itself will
            wait for an approval.
        other_account: names of the link that leaves a list of remembered accounts for the form.
        dismiss: CSS selectors of buttons that put away what lies over the page without agreeing to
            anything, such as a cookie banner's refusal.
    """

    path: str
    user: tuple[str, ...]
    password: tuple[str, ...]
    submit: Labels
    code: tuple[str, ...] = ()
    code_submit: tuple[str, ...] = ()
    remembered_user: str = ""
    polling_limit: str = ""
    other_account: Labels = field(default_factory=Labels)
    dismiss: tuple[str, ...] = ()
