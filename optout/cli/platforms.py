"""`optout platforms`: what is supported, and what is known about it."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Any

import click

from optout.campaign.targets import find_flow
from optout.cli.options import installed_flows, json_option
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from optout.flow import Flow, Setting

_WIDEST = 100


@click.command(
    epilog="""\b
Examples:
  optout platforms
  optout platforms linkedin --json"""
)
@click.argument("platform", required=False)
@json_option
@click.pass_context
def platforms(ctx: click.Context, platform: str | None, *, as_json: bool) -> None:
    """What is supported, and what is known about it."""
    flows = installed_flows(ctx)
    chosen = [find_flow(flows, platform)] if platform else list(flows)
    if as_json:
        click.echo(to_json([_as_object(flow) for flow in chosen]))
    elif platform:
        click.echo(_in_full(chosen[0]))
    else:
        for flow in chosen:
            settings = ", ".join(setting.name for setting in flow.settings)
            click.echo(f"{flow.name}  {flow.title}: {settings} (default mode: {flow.default_mode})")
        if chosen:
            click.echo(f"More on one: optout platforms {chosen[0].name}", err=True)
        else:
            click.echo("No platform's flow is installed. Name a folder with --flows.", err=True)


def _in_full(flow: Flow) -> str:
    lines = [
        f"{flow.title} ({flow.name}), flow of {flow.version}",
        f"  default mode: {flow.default_mode}. {flow.mode_note}",
        f"  terms: {flow.terms}",
    ]
    for setting in flow.settings:
        lines += ["", *_setting_lines(flow, setting)]
    return "\n".join(map(_wrapped, lines))


def _wrapped(line: str) -> str:
    """A line for the terminal at hand, with what follows its first line moved in."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _setting_lines(flow: Flow, setting: Setting) -> list[str]:
    retroactive = {True: "yes", False: "no", None: "not known"}[setting.retroactive]
    return [
        f"  {flow.name}/{setting.name}: {setting.title}",
        f"    asks: {setting.asks}",
        f"    out means: {setting.out_means}",
        f"    where: {flow.origin}{setting.places[0]}",
        f"    default: {setting.default} ({setting.default_note})",
        *(f"    region: {region}" for region in setting.regions),
        f"    retroactive: {retroactive}. {setting.retroactive_note}",
        *(f"    source: {source}" for source in setting.sources),
        f"    last verified: {setting.last_verified}",
    ]


def _as_object(flow: Flow) -> dict[str, Any]:
    return {
        "platform": flow.name,
        "title": flow.title,
        "flow_version": flow.version,
        "origin": flow.origin,
        "default_mode": flow.default_mode,
        "mode_note": flow.mode_note,
        "terms": flow.terms,
        "settings": [
            {
                "setting": setting.name,
                "title": setting.title,
                "asks": setting.asks,
                "out_means": setting.out_means,
                "where": f"{flow.origin}{setting.places[0]}",
                "default": setting.default,
                "default_note": setting.default_note,
                "regions": list(setting.regions),
                "retroactive": setting.retroactive,
                "retroactive_note": setting.retroactive_note,
                "languages": sorted({wording.language for wording in setting.control.section}),
                "sources": list(setting.sources),
                "last_verified": setting.last_verified,
            }
            for setting in flow.settings
        ],
    }
