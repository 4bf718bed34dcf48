"""The one place where secrets are taken out of texts: logs, errors, reports, bundles."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from typing import TYPE_CHECKING

from optout.accounts.spellings import SHORTEST_ANYWHERE, Spelling, spellings
from optout.accounts.tokens import kinds_of_tokens, tokens_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, MutableMapping
    from types import TracebackType

MARK = "[secret]"


class Redactor:
    """Knows the secrets that are alive, and finds them in whatever spelling.

    There is one per process, behind the functions of this module.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders: dict[str, int] = {}
        self._spellings: Mapping[str, tuple[Spelling, ...]] = {}

    def cover(self, text: str) -> None:
        """Take `text` out of every text from now on; each call asks for its own `uncover`."""
        with self._lock:
            self._holders[text] = self._holders.get(text, 0) + 1
            if self._holders[text] == 1:
                # Replaced, not changed: other threads may be reading the old one.
                self._spellings = {**self._spellings, text: spellings(text)}

    def uncover(self, text: str) -> None:
        """Undo one `cover` of `text`."""
        with self._lock:
            self._holders[text] -= 1
            if not self._holders[text]:
                del self._holders[text]
                self._spellings = {
                    other: ways for other, ways in self._spellings.items() if other != text
                }

    def redact(self, text: str) -> str:
        """`text` with every live secret and everything that looks like a token marked out."""
        known = self._spellings
        clean = _mark(text, [*_live(text, known.values()), *tokens_in(text)])
        # What was left on both sides of a mark may, together with it, spell a secret again.
        outside = (ways for secret, ways in known.items() if secret not in MARK)
        if clean != text and any(_live(clean, outside)):
            return MARK
        return clean

    def found_in(self, text: str, *, ordinary: str = "") -> tuple[str, ...]:
        """What kinds of secrets a text holds; never which.

        Args:
            text: what is looked through.
            ordinary: words that stand there whatever the secrets are. A secret that is one of them
                is not looked for: it would be found everywhere, and tell by that what it is.

        Returns:
            A phrase per kind, such as `a live secret` or `a JSON web token`.
        """
        known = [ways for secret, ways in self._spellings.items() if secret not in ordinary]
        live = ("a live secret",) if _live(text, known) else ()
        return live + kinds_of_tokens(text)

    def live_in(self, data: bytes, *, ordinary: str = "") -> bool:
        """Whether bytes of any kind hold a live secret as it is, in UTF-8 or UTF-16.

        Secrets of up to three characters stand in all bytes by chance, and are not looked for.

        Args:
            data: what is looked through; what is compressed must be unpacked before.
            ordinary: as for `found_in`.
        """
        return any(
            secret.encode(encoding, "surrogatepass") in data
            for secret in self._spellings
            if len(secret) >= SHORTEST_ANYWHERE and secret not in ordinary
            for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        )


def _live(text: str, known: Iterable[tuple[Spelling, ...]]) -> list[tuple[int, int]]:
    lowered = text.lower()
    return [
        (max(0, match.start() - way.lead), match.end())
        for ways in known
        for way in ways
        if way.hint in lowered
        for match in way.pattern.finditer(text)
    ]


def _mark(text: str, spans: list[tuple[int, int]]) -> str:
    """Replace the spans; spans that touch or overlap become one mark."""
    pieces: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start > done or not pieces:
            pieces += [text[done:start], MARK]
        done = max(done, end)
    return "".join([*pieces, text[done:]])


_process = Redactor()
cover = _process.cover
uncover = _process.uncover
redact = _process.redact
found_in = _process.found_in
live_in = _process.live_in


def install() -> None:
    """Send what Python itself prints and logs through the redactor; a second call does nothing.

    Uncaught errors of the program and its threads are printed redacted. Log records are cleaned
    where they are made, so that every handler, also one that is added later, gets them clean.
    """
    make = logging.getLogRecordFactory()
    if isinstance(make, _CleanRecords):
        return
    logging.setLogRecordFactory(_CleanRecords(make))
    sys.excepthook = _print_error
    threading.excepthook = lambda args: _print_error(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _print_error(args.exc_type, args.exc_value, args.exc_traceback)


class _CleanRecords:
    """Makes log records without secrets in message, arguments and traceback."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *args: object, **named: object) -> logging.LogRecord:
        record = self._make(*args, **named)
        try:
            said = record.getMessage()
            clean = redact(said)
        except (TypeError, ValueError, KeyError):
            # Arguments that do not fit the message: logging would print both as they are.
            said, clean = "", redact(f"{record.msg!r} % {record.args!r}")
        if clean != said:
            # Only then: some formatters read the arguments one by one.
            record.msg, record.args = clean, None
        if record.exc_info and record.exc_info[0]:
            # A handler that formats errors itself would do it from here, past the redactor.
            record.exc_text = _traceback(*record.exc_info)
            record.exc_info = None
        return record


def _print_error(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    if sys.stderr is not None and kind is not SystemExit:
        sys.stderr.write(_traceback(kind, error, trace) + "\n")


def _traceback(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> str:
    return redact("".join(traceback.format_exception(kind, error, trace)).rstrip("\n"))


def quiet_playwright_debug(environ: MutableMapping[str, str]) -> dict[str, str]:
    """Take out the settings that make Playwright print what it types.

    Left alone where `OPTOUT_UNSAFE_DEBUG` is set.

    Args:
        environ: the environment that Playwright is imported in and its driver gets, changed in place.

    Returns:
        What was removed, by name.
    """
    if environ.get("OPTOUT_UNSAFE_DEBUG"):
        return {}
    removed: dict[str, str] = {}
    for name in ("PWDEBUG", "DEBUGP"):
        if name in environ:
            removed[name] = environ.pop(name)
    namespaces = re.split(r"[\s,]+", environ.get("DEBUG", ""))
    noisy = [name for name in namespaces if _prints_playwright(name)]
    if noisy:
        removed["DEBUG"] = ",".join(noisy)
        environ["DEBUG"] = ",".join(name for name in namespaces if name not in noisy)
        if not environ["DEBUG"]:
            del environ["DEBUG"]
    return removed


def _prints_playwright(namespace: str) -> bool:
    """Whether this entry of `DEBUG` switches on a `pw:` channel; `*` and `p*` do too."""
    before, star, _ = namespace.partition("*")
    return namespace.startswith("pw") or bool(star and "pw:".startswith(before))
