"""`optout platforms`: every platform something is known about, and what optout can do there."""

from __future__ import annotations

import shutil
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from optout.campaign.platforms import Platform, all_platforms, did_you_mean, search
from optout.cli.health import health_of
from optout.cli.options import installed_flows, json_option
from optout.errors import UsageProblem
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optout.catalogue.entry import Setting
    from optout.watch.health import Health

UNKNOWN = "not known"
_WIDEST = 100
_GAP = 2
# As many of these as the terminal has room for.
_HEADS = ("setting", "optout", "default", "last verified", "retroactive", "confidence")
_FEWEST = 2


@click.command(
    epilog="""\b
Examples:
  optout platforms
  optout platforms slack
  optout platforms letter
  optout platforms meeting notes --json"""
)
@click.argument("words", nargs=-1, metavar="[NAME | WORD...]")
@json_option
@click.pass_context
def platforms(ctx: click.Context, words: tuple[str, ...], *, as_json: bool) -> None:
    """What is supported, and what is known about it.

    NAME is a platform. Any other WORD is searched for in everything that is known; all must be found.
    """
    flows = installed_flows(ctx)
    known, asked = all_platforms(flows), " ".join(words)
    named = known.get(asked)
    chosen = [named] if named else search(known.values(), words)
    if not chosen:
        raise UsageProblem(
            f'there is no platform "{asked}", and none of which that is said',
            next_step=(did_you_mean(asked, known) if len(words) == 1 else "")
            or "See them all: optout platforms",
        )
    doing = health_of(flows)
    if as_json:
        click.echo(to_json([_as_object(each) | _health(doing.get(each.name)) for each in chosen]))
    elif len(chosen) == 1:
        click.echo("\n".join(wrapped(line) for line in _in_full(chosen[0])))
        if found := doing.get(chosen[0].name):
            click.echo("\n" + wrapped(f"  from here: {found}"))
    else:
        held_back = [doing[each.name] for each in chosen if each.name in doing]
        for found in (each for each in held_back if each.quarantines):
            click.echo(f"optout: {found}", err=True)
        click.echo(_table(chosen))
        click.echo(f"{len(chosen)} platforms. More on one: optout platforms {chosen[0].name}", err=True)


def wrapped(line: str) -> str:
    """A line for the terminal at hand, with what follows its first line moved in."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def yes_no(known: bool | None) -> str:
    """What is known, in a word."""
    return {True: "yes", False: "no", None: UNKNOWN}[known]


def _table(chosen: Sequence[Platform]) -> str:
    """A row per setting, with as many columns as there is room for."""
    rows = [_HEADS, *(_row(each, setting) for each in chosen for setting in each.settings)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADS))]
    room = min(shutil.get_terminal_size().columns, _WIDEST + _GAP)
    columns = len(_HEADS)
    while columns > _FEWEST and sum(widths[:columns]) + _GAP * (columns - 1) > room:
        columns -= 1
    if sum(widths[:columns]) + _GAP * (columns - 1) > room:
        return "\n".join(
            line for row in rows[1:] for line in (row[0], wrapped(f"  {', '.join(row[1:3])}"))
        )
    lines = (
        (" " * _GAP).join(f"{row[place]:{widths[place]}}" for place in range(columns)) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _row(platform: Platform, setting: Setting) -> tuple[str, ...]:
    return (
        f"{platform.name}/{setting.name}",
        platform.way(setting),
        setting.default or UNKNOWN,
        setting.last_verified or UNKNOWN,
        yes_no(setting.retroactive),
        setting.confidence or UNKNOWN,
    )


def _in_full(platform: Platform) -> Iterator[str]:
    flow = platform.flow
    yield f"{platform.title} ({platform.name})" + (f", flow of {flow.version}" if flow else "")
    yield f"  concerns: {platform.who or UNKNOWN}"
    if flow:
        yield f"  default mode: {flow.default_mode}. {flow.mode_note}"
    yield f"  terms: {platform.terms or 'what they say about tools like this one is not known'}"
    if platform.note:
        yield f"  note: {platform.note}"
    for setting in platform.settings:
        yield ""
        yield f"  {platform.name}/{setting.name}: {setting.title}"
        yield from (f"    {name}: {text}" for name, text in _facts(platform, setting) if text)


def _facts(platform: Platform, setting: Setting) -> Iterator[tuple[str, str]]:
    yield "optout", platform.way(setting)
    yield "asks", setting.asks
    yield "instead", setting.instead
    yield "out means", setting.out_means
    yield "where", setting.url
    yield "way there", setting.path
    for label in setting.labels:
        note = f", {label.note}" if label.note else ""
        yield f"label ({label.language}{note})", label.text
    yield "polarity", f"on means {setting.on_means}" if setting.on_means else ""
    yield "choose", setting.choose
    note = f" ({setting.default_note})" if setting.default_note else ""
    yield "default", f"{setting.default or UNKNOWN}{note}"
    yield from (("plan", plan) for plan in setting.plans)
    yield from (("region", region) for region in setting.regions)
    yield "retroactive", f"{yes_no(setting.retroactive)}. {setting.retroactive_note}".strip()
    yield "since", setting.since
    yield "effort", setting.effort
    yield from (("mind", warning) for warning in setting.warnings)
    yield from (("source", source) for source in setting.sources)
    yield "confidence", setting.confidence or UNKNOWN
    yield "last verified", setting.last_verified or UNKNOWN


def _as_object(platform: Platform) -> dict[str, Any]:
    flow = platform.flow
    return {
        "platform": platform.name,
        "title": platform.title,
        "who": platform.who or None,
        "flow_version": flow.version if flow else None,
        "origin": flow.origin if flow else None,
        "default_mode": flow.default_mode if flow else None,
        "mode_note": flow.mode_note if flow else None,
        "terms": platform.terms or None,
        "note": platform.note or None,
        "settings": [_setting_object(platform, setting) for setting in platform.settings],
    }


def _health(found: Health | None) -> dict[str, Any]:
    worked = found.worked if found else None
    return {
        "last_worked": worked.last.isoformat() if worked else None,
        "worked_on_accounts": worked.accounts if worked else 0,
        "worked_with_flow": worked.flow_version if worked else None,
        "quarantined": [each.part.setting for each in found.quarantines] if found else [],
    }


def _setting_object(platform: Platform, setting: Setting) -> dict[str, Any]:
    facts = {
        name: value or None if isinstance(value, str) else value
        for name, value in asdict(setting).items()
    }
    return {
        "setting": facts.pop("name"),
        "optout": platform.way(setting),
        **facts,
        "where": setting.url or None,
        "languages": sorted({label.language for label in setting.labels}),
    }
