"""`optout evidence key`: show, rotate, import."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optout.accounts import redact
from optout.accounts.keyring_store import KeyringStore
from optout.accounts.keys import KeySource, NoKey
from optout.accounts.secret import Secret
from optout.cli.options import json_option, read_file
from optout.errors import SecretUnavailable, UsageProblem
from optout.evidence.layout import Layout
from optout.evidence.own_key import OwnKeys
from optout.evidence.signing_key import SigningKey
from optout.home import Home

if TYPE_CHECKING:
    from optout.evidence.signing_key import PublicKey


@click.group(invoke_without_command=True)
@click.pass_context
def key(ctx: click.Context) -> None:
    """The key that evidence is signed with.

    Without a subcommand it is shown.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(show)


@key.command(
    epilog="""\b
Examples:
  optout evidence key show
  optout evidence key show --json"""
)
@json_option
def show(*, as_json: bool) -> None:
    """Show the public half and its fingerprint; made at first use.

    Give the fingerprint to whoever will check your evidence, by another way than the evidence.
    """
    keys = _keys()
    current = keys.current()
    if isinstance(current, NoKey):
        raise SecretUnavailable(
            "there is no key to sign with", found=current.reason, next_step=current.next_step
        )
    counter = keys.folder.counter
    earlier = [each for each in keys.folder.own if each != current.public]
    if as_json:
        from optout.report.machine import as_json as to_json  # noqa: PLC0415 - only here

        click.echo(
            to_json(
                {
                    "current": _object(current.public),
                    "earlier": [_object(each) for each in earlier],
                    "counter_signing": [_object(each) for each in counter],
                }
            )
        )
        return
    click.echo(current.public.openssh)
    click.echo(f"fingerprint: {current.public.fingerprint}")
    click.echo(f"files:       {keys.folder.path / f'evidence-{current.public.name}'}.pub and .pem")
    for each in earlier:
        click.echo(f"before:      {each.fingerprint}")
    for each in counter:
        click.echo(f"also signs:  {each.fingerprint}")


@key.command(
    epilog="""\b
Examples:
  optout evidence key rotate
  optout evidence key rotate --lost"""
)
@click.option("--lost", is_flag=True, help="The old key is gone and cannot vouch for the new one.")
def rotate(*, lost: bool) -> None:
    """Let a new key take over; the old one signs that it may.

    What the old key signed stays valid, and whoever trusts the old key can trust the new one.
    """
    old, new = _keys().rotate(lost=lost)
    click.echo(f"From now on {new.public.fingerprint} signs.")
    if old and lost:
        click.echo(
            f"{old} could not vouch for it: whoever trusted that key has to be told of the new one.",
            err=True,
        )


@key.command(
    name="import",
    epilog="""\b
Example:
  optout evidence key import organisation-key""",
)
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Let an organisation's key sign beside this computer's own.

    FILE holds an Ed25519 private key of ssh-keygen or openssl. It is kept where secrets are kept; the
    file can be removed afterwards.
    """
    read = _read(file)
    _keys().import_counter(read)
    click.echo(f"From now on {read.public.fingerprint} signs as well.")
    click.echo(f"{file} is not needed here any more; keep it only where it is safe.", err=True)


def _read(file: Path) -> SigningKey:
    content = read_file(file)
    try:
        return SigningKey.read(content)
    except TypeError:
        passphrase = Secret(_ask(file) or "\0")
        try:
            return SigningKey.read(content, passphrase.reveal().encode())
        finally:
            passphrase.forget()


def _ask(file: Path) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"Passphrase of {file}: ")
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise UsageProblem(
            f"{file} is protected by a passphrase",
            next_step="Type it at a terminal, or write it as a line to stdin.",
        )
    return line


def _keys() -> OwnKeys:
    redact.install()
    keyring = KeyringStore()
    return OwnKeys.of(Layout(Home.of_user().data).keys, keyring, KeySource(keyring))


def _object(key: PublicKey) -> dict[str, str]:
    return {"fingerprint": key.fingerprint, "openssh": key.openssh, "pem": key.pem.decode()}
