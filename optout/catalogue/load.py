"""Reading the catalogue: one file per platform, checked against its schema."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

from optout.catalogue.entry import Entry
from optout.catalogue.rules import keep_rules
from optout.catalogue.shape import Misshapen, shaped
from optout.errors import CatalogueBroken

PACKAGE = "optout_catalogue"


def catalogue_folder() -> Path:
    """Where the installed catalogue is.

    Raises:
        CatalogueBroken: it is not installed.
    """
    # A package without code in it: not every Python's `importlib.resources` finds its files.
    spec = importlib.util.find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    folder = next((Path(place) for place in places or () if Path(place).is_dir()), None)
    if folder is None:
        raise CatalogueBroken(
            "the catalogue of platforms is not installed",
            next_step="Install optout again: python -m pip install .",
        )
    return folder


def catalogue_names(folder: Path | None = None) -> tuple[str, ...]:
    """The platforms that the catalogue says something about.

    Raises:
        CatalogueBroken: it is not installed.
    """
    return tuple(_files(folder))


def load_entry(name: str, folder: Path | None = None) -> Entry | None:
    """What the catalogue says of a platform; None where it says nothing.

    Args:
        name: as typed; anything at all.
        folder: another catalogue than the installed one.

    Raises:
        CatalogueBroken: its file cannot be read or is not as the schema says.
    """
    files = _files(folder)
    return _read(files[name]) if name in files else None


def load_catalogue(folder: Path | None = None) -> dict[str, Entry]:
    """Everything the catalogue says, by platform, in order of their names.

    Raises:
        CatalogueBroken: a file cannot be read or is not as the schema says.
    """
    return {name: _read(file) for name, file in _files(folder).items()}


def _files(folder: Path | None) -> dict[str, Path]:
    # Listed rather than asked for by name: a name that was typed never becomes a path.
    return {file.stem: file for file in sorted((folder or catalogue_folder()).glob("*.toml"))}


def _read(file: Path) -> Entry:
    try:
        entry = shaped(Entry, tomllib.loads(file.read_text("utf-8")))
        keep_rules(file.stem, entry)
    except Misshapen as wrong:
        raise _broken(file, f"{wrong.field} is not as it must be", wrong.expected, wrong.found) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _broken(file, "it is not TOML", "a TOML file in UTF-8", str(error)) from None
    except OSError as error:
        raise _broken(file, "it cannot be read", "a file", error.strerror or str(error)) from None
    return entry


def _broken(file: Path, what: str, expected: str, found: str) -> CatalogueBroken:
    return CatalogueBroken(
        f"{file.name}: {what}",
        step="catalogue",
        expected=expected,
        found=found,
        next_step=f"Correct {file}, or install optout again if you did not change it.",
    )
