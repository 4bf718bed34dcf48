"""The few lines of JavaScript that look at a page, one file per question.

None of them changes what a page does. `point.js` shows a person where to press, and goes away again;
`mark.js` leaves an attribute that the page has no use for, until the document goes.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Frame, JSHandle, Page

_USES = "// uses:"
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
# Half a sign, such as an emoji that a page has cut in two: no file and no database takes it.
_HALF = re.compile(r"(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}")
_SPACE = re.compile(r"\n\s*")
# As one text: the browser's driver takes apart and checks every other kind of value, piece by piece,
# three times on its way. A page that has redefined how its values become text is left to that.
_AS_TEXT = """async (...given) => {
  const answer = await (%s)(...given);
  const redefined = [Object, Array, String].some((kind) => kind.prototype.toJSON);
  return redefined ? answer : JSON.stringify(answer);
}"""


@cache
def script(name: str) -> str:
    """The source of one script: a function, to be evaluated in the page.

    A script that begins with `// uses: other, another` finds those under their names in camel case.
    """
    source = files(__package__).joinpath(f"{name}.js").read_text(encoding="utf-8")
    first, _, _ = source.partition("\n")
    source = _SPACE.sub("\n", _COMMENT.sub("", source)).strip()
    if not first.startswith(_USES):
        return source
    others = [other.strip() for other in first.removeprefix(_USES).split(",")]
    used = "".join(f"const {_variable(other)} = {script(other)};\n" for other in others)
    return f"(...given) => {{ {used}return ({source})(...given); }}"


@cache
def _as_text(function: str) -> str:
    return _AS_TEXT % function


async def ask(of: Page | Frame | JSHandle, function: str, given: object = None) -> Any:
    """Evaluate a function where the answer is more than a word.

    Args:
        of: the page, the frame, or the object in it that the function is given first.
        function: its source.
        given: what else it is given.

    Raises:
        playwright.async_api.Error: the page has moved on.
    """
    answer = await of.evaluate(_as_text(function), given)
    if not isinstance(answer, str):
        return answer
    return json.loads(_HALF.sub(r"\1\\ufffd", answer) if "\\ud" in answer else answer)


def _variable(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(word.capitalize() for word in others)
