"""Importing a flow from the very bytes that were hashed, never from the disk or a cache."""

from __future__ import annotations

import hashlib
import importlib
import sys
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.util import spec_from_file_location
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType

    from optout.flow.folder import FlowFolder

_PREFIX = "optout_accepted_flow_"


def load(found: FlowFolder, module: str = "flow") -> ModuleType:
    """Import a module of a flow's folder as part of a package of its own.

    Relative imports and `__file__` work as they do on the disk.

    Raises:
        BaseException: whatever the code raises; nothing of it is left behind.
    """
    key = hashlib.sha256(f"{found.where}\n{found.digest}".encode()).hexdigest()[:16]
    package = f"{_PREFIX}{key}"
    if package in sys.modules:
        return importlib.import_module(f"{package}.{module}")
    finder = _FromMemory(package, found)
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(f"{package}.{module}")
    except BaseException:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{package}.")]:
            del sys.modules[name]
        raise


def is_from_memory(module: str) -> bool:
    """Whether a module of this name came from a third party's folder."""
    return module.startswith(_PREFIX)


class _FromMemory(MetaPathFinder, InspectLoader):
    """Finds and loads the modules of one flow."""

    def __init__(self, package: str, found: FlowFolder) -> None:
        self._package = package
        self._found = found

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module of this name, if it is one of the flow's."""
        del path, target
        if not f"{fullname}.".startswith(f"{self._package}."):
            return None
        file, is_package = self._file(fullname)
        if not (is_package or file in self._found.files):
            # Nobody else may answer: what lies on the disk by now was not hashed.
            raise ModuleNotFoundError(f"the flow has no file {file}", name=fullname)
        place = self._found.folder / file
        below = [str(self._found.folder)] if is_package else None
        return spec_from_file_location(fullname, place, loader=self, submodule_search_locations=below)

    def get_code(self, fullname: str) -> CodeType:
        """The module, compiled; a folder without `__init__.py` is an empty one."""
        file, _ = self._file(fullname)
        source = self._found.files.get(file, b"")
        return compile(source, str(self._found.folder / file), "exec", dont_inherit=True)

    def get_source(self, fullname: str) -> str:
        """The module's source."""
        return self._found.files.get(self._file(fullname)[0], b"").decode()

    def _file(self, fullname: str) -> tuple[str, bool]:
        """The module's file, and whether it is a folder's."""
        relative = fullname[len(self._package) + 1 :].replace(".", "/")
        folder = f"{relative}/" if relative else ""
        if f"{relative}.py" in self._found.files:
            return f"{relative}.py", False
        return f"{folder}__init__.py", any(name.startswith(folder) for name in self._found.files)
