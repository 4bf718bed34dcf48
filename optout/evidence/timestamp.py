"""A third party's word for the time: RFC 3161 time stamps, asked for and checked."""

from __future__ import annotations

import datetime
import hashlib
import re
import shutil
import subprocess
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optout.errors import NotUsableHere, SiteUnreachable

_LIMIT_S = 15.0
_LARGEST = 1 << 20
_SHOWN_TIME = re.compile(r"^Time stamp: (.+)$", re.MULTILINE)
_SHOWN_BYTES = re.compile(r"^ {4}[0-9a-f]{4} - ((?:[0-9a-f]{2}[ -]){1,16})", re.MULTILINE)


class StampInvalid(Exception):
    """A time stamp is not of this content, or not of this authority; the text says which."""


@dataclass(frozen=True)
class Stamp:
    """A time stamp that was looked at.

    Attributes:
        at: the time that it states, UTC.
        checked_by: the program that checked the authority's signature; empty where no certificate of
            the authority was given to check it with.
    """

    at: datetime.datetime
    checked_by: str = ""


def ask_for_stamp(content: bytes, url: str) -> bytes:
    """Ask an authority for a time stamp; only a hash of the content leaves this computer.

    Returns:
        Its answer as it came, which is what has to be kept.

    Raises:
        NotUsableHere: there is nothing here that speaks to authorities.
        SiteUnreachable: it did not answer, or with something else than a stamp of this content.
    """
    request = urllib.request.Request(  # noqa: S310 - the person names the address
        url,
        data=_query(content),
        headers={"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_LIMIT_S) as answer:  # noqa: S310 - as above
            reply: bytes = answer.read(_LARGEST)
        read_stamp(reply, content)
    except (OSError, ValueError, StampInvalid) as error:
        reason = getattr(error, "reason", None) or error
        raise SiteUnreachable(
            f"the time stamping authority {url} gave no time stamp",
            step="checkpoint",
            found=f"{type(error).__name__}: {reason}",
            next_step="The checkpoint is kept without a third party's time. Add it later: "
            f"optout evidence checkpoint --tsa {url}",
        ) from None
    return reply


def read_stamp(reply: bytes, content: bytes) -> Stamp:
    """What a time stamp says, when it is one of this content. Its signature is not checked.

    Raises:
        StampInvalid: it is not granted, or is of something else.
        NotUsableHere: there is nothing here that reads time stamps.
    """
    library = _library()
    if library is not None:
        try:
            answer = library.decode_timestamp_response(reply)
        except ValueError:
            pass  # stricter than the authorities are: `openssl` may still read it
        else:
            if answer.status not in (library.PKIStatus.GRANTED, library.PKIStatus.GRANTED_WITH_MODS):
                raise StampInvalid(f"the authority refused: {' '.join(answer.status_string)}")
            _same(answer.tst_info.message_imprint.message, content)
            return Stamp(answer.tst_info.gen_time.astimezone(datetime.UTC))
    shown = _openssl("-reply", "-text", files={"-in": reply})
    time = _SHOWN_TIME.search(shown)
    if time is None or "Status: Granted" not in shown:
        raise StampInvalid("it is not a time stamp that was granted")
    digits = "".join(re.sub(r"[ -]", "", line) for line in _SHOWN_BYTES.findall(_imprint(shown)))
    _same(bytes.fromhex(digits), content)
    return Stamp(_moment(time[1]))


def check_stamp(reply: bytes, content: bytes, authority: bytes) -> Stamp:
    """A time stamp that an authority vouches for.

    Args:
        reply: the authority's answer.
        content: what was stamped.
        authority: its root certificates, in PEM.

    Raises:
        StampInvalid: it is of something else, or of another authority.
        NotUsableHere: there is nothing here that checks time stamps.
    """
    stamp = read_stamp(reply, content)
    if _checked_by_library(reply, content, authority):
        return Stamp(stamp.at, "rfc3161-client")
    try:
        said = _openssl("-verify", files={"-in": reply, "-data": content, "-CAfile": authority})
    except NotUsableHere:
        if _library() is None:
            raise
        raise StampInvalid("it is not of the authority whose certificate was given") from None
    if "Verification: OK" not in said:
        raise StampInvalid("it is not of the authority whose certificate was given")
    return Stamp(stamp.at, "openssl ts")


def _checked_by_library(reply: bytes, content: bytes, authority: bytes) -> bool:
    library = _library()
    if library is None:
        return False
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - as the library

    try:
        roots = load_pem_x509_certificates(authority)
    except ValueError:
        raise NotUsableHere(
            "the file of the time stamping authority holds no certificate",
            expected="root certificates in PEM",
            next_step="Ask the authority for its root certificate.",
        ) from None
    builder = library.VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        verifier = builder.build()
        return bool(verifier.verify_message(library.decode_timestamp_response(reply), content))
    except (ValueError, library.VerificationError):
        return False  # stricter than the standard asks for: `openssl` has the last word


def _same(imprint: bytes, content: bytes) -> None:
    if imprint != hashlib.sha256(content).digest():
        raise StampInvalid("it is a time stamp of something else")


def _query(content: bytes) -> bytes:
    library = _library()
    if library is not None:
        builder = library.TimestampRequestBuilder().data(content)
        request = builder.hash_algorithm(library.HashAlgorithm.SHA256).build()
        return bytes(request.as_bytes())
    with tempfile.TemporaryDirectory() as name:
        query = Path(name, "query")
        _openssl("-query", "-sha256", "-cert", "-out", str(query), files={"-data": content})
        return query.read_bytes()


def _library() -> Any:
    """The library that speaks RFC 3161, None where it is not installed."""
    try:
        import rfc3161_client  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    return rfc3161_client


def _openssl(*words: str, files: dict[str, bytes]) -> str:
    """What `openssl ts` prints.

    Args:
        words: its options.
        files: contents by the option that names a file of it.
    """
    program = shutil.which("openssl")
    if program is None:
        raise NotUsableHere(
            "time stamps need rfc3161-client or the program openssl, and neither is here",
            step="checkpoint",
            next_step="Run: pip install 'optout[timestamp]'",
        )
    with tempfile.TemporaryDirectory() as name:
        named: list[str] = []
        for number, (option, content) in enumerate(files.items()):
            path = Path(name, str(number))
            path.write_bytes(content)
            named += [option, str(path)]
        ended = subprocess.run(
            [program, "ts", *words, *named], capture_output=True, check=False, timeout=_LIMIT_S
        )
    return (ended.stdout + ended.stderr).decode(errors="replace")


def _imprint(shown: str) -> str:
    return shown.partition("Message data:")[2].partition("Serial number:")[0]


def _moment(shown: str) -> datetime.datetime:
    """`Nov 22 07:00:00.123 2026 GMT`, as OpenSSL writes it."""
    plain = re.sub(r"\.\d+", "", " ".join(shown.split()))
    return datetime.datetime.strptime(plain, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=datetime.UTC)
