"""Everything practice sites have in common, so that a platform's own is its pages and its facts.

A platform's `practice/site.py` states a `Platform` and hands it to `practice_site`; pages of its own in
`practice/pages/` take the place of the kit's, which they can extend as `kit/….html`.
"""

from optout.practice.kit.platform import Challenge, Control, Door, Extra, Platform, Shape
from optout.practice.kit.site import practice_site

__all__ = ["Challenge", "Control", "Door", "Extra", "Platform", "Shape", "practice_site"]
