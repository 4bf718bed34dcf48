"""The contract a platform module is written against.

A flow is a fact sheet: class attributes say what a platform looks like, and the runner in
`optout.visit` decides, clicks, waits and photographs. Everything a flow needs is imported from here.
"""

from optout.flow.controls import Checkbox, Choice, Control, Form, MenuItem, Select, Switch, Toggle
from optout.flow.flow import Flow
from optout.flow.scenes import IdentityMark, Scene, SceneKind
from optout.flow.settings import Confirm, Listing, Opener, Setting, Unless
from optout.flow.sign_in import SignIn
from optout.flow.wording import Labels, Wording
from optout.model import Mode, Reading, Why

__all__ = [
    "Checkbox",
    "Choice",
    "Confirm",
    "Control",
    "Flow",
    "Form",
    "IdentityMark",
    "Labels",
    "Listing",
    "MenuItem",
    "Mode",
    "Opener",
    "Reading",
    "Scene",
    "SceneKind",
    "Select",
    "Setting",
    "SignIn",
    "Switch",
    "Toggle",
    "Unless",
    "Why",
    "Wording",
]
