"""The last look at a bundle before it is written: no secret gets in, in no spelling, in no corner."""

from __future__ import annotations

import base64
import html
import io
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
from PIL import Image, PngImagePlugin

from optout.accounts.secret import Secret
from optout.errors import EvidenceNotWritten
from optout.evidence.bundle import write_bundle
from optout.evidence.scan import scan
from optout.model import Why

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECRET = 'Nine lives/7 "tails" & <more>'
SPELLINGS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "URL": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "JSON": json.dumps,
    "HTML": html.escape,
    "base64": lambda text: base64.b64encode(f"pw={text}!".encode()).decode(),
}


@contextmanager
def alive(text: str) -> Iterator[None]:
    """A secret of a run."""
    secret = Secret(text)
    yield
    secret.forget()


def found(files: dict[str, bytes], *, ordinary: str = "") -> str:
    """What the scan says about files that it refuses."""
    with pytest.raises(EvidenceNotWritten) as refused:
        scan(files, ordinary=ordinary)
    assert refused.value.why is Why.SECRET_FOUND
    assert SECRET not in str(refused.value)
    return refused.value.found


def picture(**comments: str) -> bytes:
    """A PNG with comments: `long` ones are compressed, `wide` ones are in any language."""
    info = PngImagePlugin.PngInfo()
    for kind, text in comments.items():
        if kind.startswith("wide"):
            info.add_itxt(kind, text, zip=kind == "wide_long")
        else:
            info.add_text(kind, text, zip=kind == "long")
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "#5b6470").save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_live_secret_is_found_in_every_spelling(spell: Callable[[str], str]) -> None:
    with alive(SECRET):
        said = found({"record.json": b"{}", "after.snapshot.yml": f"- text: {spell(SECRET)}".encode()})
    assert said == "a live secret in after.snapshot.yml"


@pytest.mark.parametrize("kind", ["short", "long", "wide", "wide_long"])
def test_a_pictures_comments_are_read(kind: str) -> None:
    with alive(SECRET):
        assert found({"before.png": picture(**{kind: SECRET})}) == "a live secret in before.png"


def test_what_is_behind_a_pictures_end_is_read() -> None:
    with alive(SECRET):
        assert found({"before.png": picture() + quote(SECRET).encode()})


def test_a_token_that_nobody_knew_is_found_by_its_look() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"
    said = found({"PROCESS.md": f"Authorization: Bearer {token}".encode()})
    assert said == "a JSON web token and an authorization header in PROCESS.md"
    assert token not in said


@pytest.mark.parametrize("broken", [b"\x89PNG before", picture()[:60], picture()[:9] + b"\xff" * 9, b""])
def test_a_file_that_is_not_what_its_name_says_is_looked_through_all_the_same(broken: bytes) -> None:
    with alive(SECRET):
        scan({"before.png": broken})
        assert found({"before.png": broken + SECRET.encode()})


def test_a_password_that_is_an_ordinary_word_of_the_bundle_is_no_find() -> None:
    with alive("practice"):
        scan({"record.json": b'{"practice": true}'}, ordinary="schema practice mode")
        assert found({"record.json": b'{"practice": true}'}, ordinary="schema mode")


def test_a_find_leaves_nothing_behind(tmp_path: Path) -> None:
    with alive(SECRET), pytest.raises(EvidenceNotWritten):
        write_bundle(tmp_path / "bundle", {"record.json": SECRET.encode()})
    assert list(tmp_path.iterdir()) == []
