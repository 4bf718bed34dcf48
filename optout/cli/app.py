"""The command group: finds subcommands late, and turns errors into messages and exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from optout import __version__
from optout.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from optout.model import ExitBit

# Where each subcommand lives. It is imported when it is called: `optout --help` needs none of them.
_COMMANDS = {
    "demo": ("demo", "Do the whole job on a practice site, and show what it leaves behind."),
    "platforms": ("platforms", "What is supported, and what is known about it."),
    "account": ("account", "Add, list and remove accounts; bring an organisation's."),
    "sign-in": ("sign_in", "Sign in yourself in a window; the session is kept, sealed."),
    "check": ("visits", "Read the settings, and say what came back on."),
    "run": ("visits", "Opt out, and prove it."),
    "attend": ("attend", "Visit the accounts that need a person, one visible window after the other."),
    "guide": ("guide", "Show the steps to opt out by hand, on a computer or a phone."),
    "letter": ("letter", "Write the e-mail that asks to be opted out."),
    "record": ("record", "Keep your word, and your screenshot, that you opted out by hand."),
    "worker": ("worker", "Visit what `optout run --on-workers` hands out."),
    "schedule": ("schedule", "Let checks run by themselves."),
    "notify": ("notify", "Whom to tell when a scheduled check finds something."),
    "due": ("due", "When each setting is looked at again, the soonest first."),
    "history": ("history", "Every reading of a setting, with its date and its picture."),
    "undo": ("undo", "Opt in again: put a setting back to what it was."),
    "waive": ("waive", "Accept that a setting is in, for a reason and until a day."),
    "evidence": ("evidence", "Verify, show, hand over and keep the proof."),
    "status": ("status", "Every account and setting: reading, since when, last proof."),
    "report": ("report", "How many targets are out, with their proof; everything else by reason."),
    "repair-report": ("repair_report", "Write down what a flow's author needs to repair it."),
    "doctor": ("doctor", "What works on this machine, and what to do about the rest."),
    "practice": ("practice", "Serve a platform's practice site on this machine."),
    "flow": ("flow", "Write a platform's flow, prove it, and say whose code may run."),
}


class App(LazyGroup):
    """The `optout` command."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever goes wrong becomes a message and an exit status."""
        try:
            return super().invoke(ctx)
        # The first three are click's own; whoever reads our output may also stop before its end.
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        # The last line of defence: a person sees a sentence, and never a traceback with a secret.
        except Exception as error:  # noqa: BLE001
            ctx.exit(int(complain(ctx, error)))


def complain(ctx: click.Context, error: Exception) -> ExitBit:
    """Say what went wrong on stderr; with `--debug` also where.

    Returns:
        The bit that it sets in the exit status.
    """
    # Imported here, as in `_sentence`: what goes well needs none of it, and starts at once.
    from optout.errors import OptoutError  # noqa: PLC0415
    from optout.model import ExitBit  # noqa: PLC0415

    if ctx.find_root().params.get("debug"):
        import traceback  # noqa: PLC0415

        click.echo(_clean("".join(traceback.format_exception(error))), err=True)
    click.echo(f"optout: {_clean(_sentence(error))}", err=True)
    return error.exit_bit if isinstance(error, OptoutError) else ExitBit.UNFORESEEN


def _sentence(error: Exception) -> str:
    from optout.errors import OptoutError  # noqa: PLC0415

    if isinstance(error, OptoutError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}. Make room or make it writable; to see where: optout doctor"
    said = f"{type(error).__name__}: {error}"
    return f"something unforeseen happened: {said}. Run it again with `optout --debug …`."


def _clean(text: str) -> str:
    redact = sys.modules.get("optout.accounts.redact")
    return str(redact.redact(text)) if redact else text


@click.command(
    cls=App,
    table=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  optout demo
  optout sign-in linkedin ada@example.org
  optout run linkedin:ada@example.org
  optout check --json
\b
Exit status: bits, added up over all targets. 0 all out; 1 unforeseen; 2 wrong usage;
4 still in or not saved; 8 needs a person; 16 page not as expected; 32 site unreachable;
64 evidence does not verify.""",
)
@click.version_option(__version__, prog_name="optout")
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.option(
    "--flows",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="A folder with further platforms' flows; they run once accepted (see: optout flow trust).",
)
@click.pass_context
def app(ctx: click.Context, *, debug: bool, flows: str | None) -> None:
    """Opt your own accounts out of AI training, and keep the proof."""
    ctx.obj = {"flows": flows}
    if debug:
        import logging  # noqa: PLC0415

        logging.basicConfig()
        logging.getLogger("optout").setLevel(logging.DEBUG)
