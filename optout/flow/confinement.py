"""What a flow's code may do: state facts and turn plain data into plain data, and nothing else."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ALLOWED = (
    *("__future__", "collections", "dataclasses", "datetime", "enum", "functools", "itertools"),
    *("json", "optout.flow", "optout.model", "re", "string", "types", "typing", "unicodedata"),
)
# Ways to a file, a socket, another module or somebody else's insides that need no import.
FORBIDDEN_NAMES = {
    *("open", "exec", "eval", "compile", "__import__", "input", "print", "breakpoint", "exit", "quit"),
    *("globals", "locals", "vars", "getattr", "setattr", "delattr", "__builtins__", "__loader__"),
}


def transgressions(source: str, platform: str) -> list[str]:
    """Everything in the source of a platform's flow that it may not do, one line each.

    Args:
        source: Python.
        platform: the name of the flow's folder.

    Raises:
        SyntaxError: it is no Python.
    """
    own = f"optout_flows.{platform}"
    return [
        f"line {node.lineno}: {what}" for node in _nodes(source) for what in _transgressions(node, own)
    ]


def _nodes(source: str) -> Iterator[ast.expr | ast.stmt]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.expr | ast.stmt):
            yield node


def _transgressions(node: ast.AST, own: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        wrong = (alias.name for alias in node.names if not _is_allowed(alias.name, own))
        yield from (f"imports {name}" for name in wrong)
    elif isinstance(node, ast.ImportFrom):
        yield from _wrong_sources(node, own)
    elif isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES:
        yield f"names {node.id}"
    elif isinstance(node, ast.Attribute) and node.attr.startswith("__"):
        yield f"reaches for {node.attr}"


def _wrong_sources(node: ast.ImportFrom, own: str) -> Iterator[str]:
    # `from . import x` names modules, where `from .x import y` names what is in one.
    modules = [node.module] if node.module else [alias.name for alias in node.names]
    for module in modules:
        full = {0: module, 1: f"{own}.{module}"}.get(node.level, "")
        if not _is_allowed(full, own):
            yield f"imports from {'.' * node.level}{module if node.module or node.level == 1 else ''}"


def _is_allowed(module: str, own: str) -> bool:
    # Another file of the same flow is looked at as well; its practice site is no part of the flow.
    fact_sheet = module.startswith(f"{own}.") and not module.startswith(f"{own}.practice")
    return module in ALLOWED or module.startswith("collections.") or fact_sheet
