"""A bar for each of some numbers, as an SVG picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _ROW, _LEFT, _TOP, _FOR_NUMBERS = 760, 26, 240, 50, 60
_PICTURE = Template(
    """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ top + rows | length * row + 10 }}" \
font-family="sans-serif" font-size="13" fill="#1c2429" role="img" aria-label="{{ title }}">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="12" y="28" font-size="16">{{ title }}</text>
{% for name, value, ours in rows -%}
{% set y = top + loop.index0 * row -%}
{% set length = (value * per_unit) | round | int -%}
<text x="{{ left - 8 }}" y="{{ y + 14 }}" text-anchor="end">{{ name }}</text>
<rect x="{{ left }}" y="{{ y }}" width="{{ length }}" height="{{ row - 7 }}" \
fill="{{ '#1d6fa5' if ours else '#9aa5ad' }}"/>
<text x="{{ left + length + 6 }}" y="{{ y + 14 }}">{{ value | round | int }}</text>
{% endfor -%}
</svg>
""",
    autoescape=True,
)


def bars(title: str, rows: Sequence[tuple[str, float, bool]]) -> str:
    """Draw bars.

    Args:
        title: what is drawn.
        rows: for each bar what it is, how long, and whether it is ours.

    Returns:
        The picture.
    """
    per_unit = (_WIDTH - _LEFT - _FOR_NUMBERS) / max(value for _, value, _ in rows)
    return str(
        _PICTURE.render(
            title=title, rows=rows, per_unit=per_unit, width=_WIDTH, row=_ROW, left=_LEFT, top=_TOP
        )
    )
