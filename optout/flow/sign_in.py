"""How a platform's sign-in form is filled."""

from __future__ import annotations

from dataclasses import dataclass, field

from optout.flow.wording import Labels


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A password form on one page or two, or, without `password`, a page that only a person passes.

    Of several matches the first visible one is meant.

    Attributes:
        path: where the form is.
        hosts: other hosts that the platform sends people to for signing in, such as an identity
            provider's; a person may be there, and nothing is ever typed there.
        leads_to: name of the query parameter that tells the form's page what to show after signing in;
            empty where none is known. A site that does not heed it costs one page more.
        user: CSS selectors of the login field.
        password: CSS selectors of the password field; none where a person has to sign in.
        proceed: names of the button that leads from the login to a password on a page of its own.
        code: CSS selectors of the field for a one-time code.
        submit: names of the button that signs in; where none shows, Enter is pressed instead.
        code_submit: CSS selectors of the button that sends a one-time code.
        remembered_user: CSS selector of the hidden field with the login, where only the password shows.
        polling_limit: CSS selector of the element that says for how many seconds the page itself will
            wait for an approval.
        other_account: names of the link that leaves a list of remembered accounts for the form.
        dismiss: CSS selectors of buttons that put away what lies over the page without agreeing to
            anything, such as a cookie banner's refusal.
        in_cookies_alone: whether a source says that being signed in hangs on cookies alone: then what
            else pages keep in the browser is not read.
    """

    path: str
    hosts: tuple[str, ...] = ()
    leads_to: str = ""
    user: tuple[str, ...] = ()
    password: tuple[str, ...] = ()
    proceed: Labels = field(default_factory=Labels)
    submit: Labels = field(default_factory=Labels)
    code: tuple[str, ...] = ()
    code_submit: tuple[str, ...] = ()
    remembered_user: str = ""
    polling_limit: str = ""
    other_account: Labels = field(default_factory=Labels)
    dismiss: tuple[str, ...] = ()
    in_cookies_alone: bool = False
