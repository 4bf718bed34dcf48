"""The few lines of JavaScript that look at a page, one file per question.

None of them changes what a page does. `point.js` shows a person where to press, and goes away again.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script(name: str) -> str:
    """The source of one script: a function, to be evaluated in the page.

    A script that begins with `// uses: other` finds that other one under its name in camel case.
    """
    source = files(__package__).joinpath(f"{name}.js").read_text(encoding="utf-8")
    first, _, _ = source.partition("\n")
    if not first.startswith(_USES):
        return source
    other = first.removeprefix(_USES).strip()
    words = other.split("-")
    variable = words[0] + "".join(word.capitalize() for word in words[1:])
    return f"(given) => {{ const {variable} = {script(other)};\nreturn ({source})(given); }}"


_USES = "// uses:"
