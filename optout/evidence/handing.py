"""Handing a checkpoint to somebody else: a file, an e-mail, a web address. Only hashes leave."""

from __future__ import annotations

import base64
import json
import os
import smtplib
import urllib.request
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from optout.errors import OptoutError, SiteUnreachable, UsageProblem
from optout.home import write_private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optout.evidence.checkpoint import Checkpoint

MAIL_SERVER = "OPTOUT_SMTP"
"""The variable that names the mail server, `host` or `host:port`; this computer's own without it."""

_LIMIT_S = 15.0
_SUBJECT = "optout: checkpoint of the evidence log after {size:,} entries"
_LETTER = """\
This is a checkpoint of an evidence log. Please keep the attached files: with them anybody can show
later that no entry up to number {size:,} was removed or changed.

  optout evidence verify FOLDER --checkpoint {name}

Entries:    {size:,}
Last hash:  {head}
At:         {at}
Signed by:  {key}
"""


def hand_over(checkpoint: Checkpoint, to: str, environ: Mapping[str, str] = os.environ) -> None:
    """Give a checkpoint, its signature and its time stamp to somebody.

    Args:
        checkpoint: which.
        to: a file, `mailto:` with an address, or an `https:` address that takes JSON.
        environ: where `OPTOUT_SMTP` is looked up.

    Raises:
        UsageProblem: it is none of these.
        SiteUnreachable: the mail server or the address did not take it.
        OSError: the file cannot be written.
    """
    address = urlsplit(to)
    if address.scheme == "mailto":
        _mail(checkpoint, unquote(address.path), environ.get(MAIL_SERVER, "localhost"))
    elif address.scheme == "https" or (address.scheme == "http" and _here(address.hostname)):
        _post(checkpoint, to)
    elif len(address.scheme) > 1:  # one letter is a drive of Windows
        raise UsageProblem(
            f"a checkpoint cannot be handed over to {address.scheme}:",
            expected="a file, mailto:ADDRESS or https://…",
            next_step="Hand over a file, and let another program do the rest.",
        )
    else:
        for suffix, content in _files(checkpoint).items():
            write_private(Path(f"{to}{suffix}").absolute(), content)


def _files(checkpoint: Checkpoint) -> dict[str, bytes]:
    """What is handed over, by what comes after the checkpoint's name."""
    files = (checkpoint.path, checkpoint.signature, checkpoint.stamp)
    name = checkpoint.path.name
    return {file.name.removeprefix(name): file.read_bytes() for file in files if file.is_file()}


def _mail(checkpoint: Checkpoint, address: str, server: str) -> None:
    if "@" not in address or not address.isprintable():
        written = "Write it as mailto:dpo@example.org"
        raise UsageProblem(f"{address!a} is no mail address", next_step=written)
    letter = EmailMessage()
    letter["To"] = letter["From"] = address
    letter["Subject"] = _SUBJECT.format(size=checkpoint.size)
    name = f"optout-checkpoint-{checkpoint.size}.json"
    facts = {"size": checkpoint.size, "head": checkpoint.head, "at": checkpoint.at}
    letter.set_content(_LETTER.format(**facts, name=name, key=checkpoint.key.fingerprint))
    for suffix, content in _files(checkpoint).items():
        letter.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name + suffix
        )
    try:
        with smtplib.SMTP(server, timeout=_LIMIT_S) as connection:
            if connection.has_extn("starttls"):
                connection.starttls()
            connection.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        raise _not_taken(f"the mail server {server}", error, f"Name another in {MAIL_SERVER}.") from None


def _post(checkpoint: Checkpoint, url: str) -> None:
    parts = {suffix or ".json": content for suffix, content in _files(checkpoint).items()}
    said = {
        "checkpoint": parts[".json"].decode(),
        "signature": parts[".sig"].decode(),
        "timestamp": base64.b64encode(parts[".tsr"]).decode() if ".tsr" in parts else None,
    }
    headers = {"Content-Type": "application/json"}
    body = json.dumps(said).encode()
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - https, or here
    try:
        urllib.request.urlopen(request, timeout=_LIMIT_S).close()  # noqa: S310 - as above
    except (OSError, ValueError) as error:
        # Whatever tells one receiver from another may be secret in such an address.
        host = urlsplit(url).hostname or "the address"
        raise _not_taken(host, error, "Check the address.") from None


def _here(host: str | None) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _not_taken(who: str, error: Exception, advice: str) -> OptoutError:
    return SiteUnreachable(
        f"{who} did not take the checkpoint",
        step="checkpoint",
        found=f"{type(error).__name__}: {getattr(error, 'reason', error)}",
        next_step=f"{advice} It is kept here; to try again: optout evidence checkpoint --to ADDRESS",
    )
