"""Bringing a ledger to the newest schema; imported only when one is not there yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from optout.ledger.schema import HEAD

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SCRIPTS = Path(__file__).parent / "migrations"


def config() -> Config:
    """Alembic's configuration, built here so that no file has to be found at run time."""
    made = Config()
    # ConfigParser reads a percent sign as the start of an interpolation.
    made.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return made


def knows(revision: str) -> bool:
    """Whether this program has the migration script of a revision."""
    scripts = ScriptDirectory.from_config(config()).walk_revisions()
    return revision in {script.revision for script in scripts}


def upgrade(connection: Connection) -> None:
    """Run the missing migrations inside the connection's transaction: all of them or none."""
    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, HEAD)
