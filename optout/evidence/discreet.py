"""Taking out of an accessibility tree what is no part of a setting: typed values, links' queries."""

from __future__ import annotations

import re

_TYPED = ("textbox", "searchbox", "spinbutton", "combobox")
# `- role "name" [state]: value`, the part before the colon in single quotes where it needs them.
_LINE = re.compile(
    r"""^(?P<indent>\ *)-\ (?P<key>'(?:[^']|'')*'|(?:[^":]|"(?:[^"\\]|\\.)*")+)(?P<value>:.*)?$""",
    re.VERBOSE,
)
# Words joined by hyphens are long too; a token mixes capitals or digits into one long run.
_TOKEN = re.compile(r"(?=.*[A-Z0-9])[A-Za-z0-9_~.=-]{20,}")


def discreet(tree: str) -> str:
    """The same tree without the values of fields that can be typed into, and without queries.

    Args:
        tree: a tree as Playwright's `aria_snapshot` writes it.
    """
    kept = []
    within: int | None = None
    for line in tree.splitlines():
        depth = len(line) - len(line.lstrip())
        if within is not None and depth > within:
            if line.lstrip().startswith("- option"):
                kept.append(line)  # what a list offers was not typed
            continue
        within = None
        found = _LINE.match(line)
        if line.lstrip().startswith("- /url:"):
            kept.append(line.partition("?")[0].partition("#")[0].rstrip("\"'"))
        elif found and found["key"].strip("'").split(" ", 1)[0] in _TYPED:
            within = depth
            kept.append(f"{found['indent']}- {found['key']}")
        else:
            kept.append(line)
    return "\n".join(kept)


def without_tokens(path: str) -> str:
    """A path without the segments that only a machine could have made up.

    The address of a challenge carries a token of the sign-in in its path.
    """
    return "/".join("…" if _TOKEN.fullmatch(segment) else segment for segment in path.split("/"))
