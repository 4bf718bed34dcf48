"""What sealing costs a visit, how fast evidence is verified, and how large a bundle is.

Verifying is measured against `sha256sum` over the same files: the least that anybody can do who wants to
know whether a byte was changed. It uses every processor; the second half of its table counts what all of
them did, which other work on the machine changes least.

Run: `python bench/evidence.py [BUNDLES] [VISITS]`.
"""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import io
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.evidence.bundle import MANIFEST, SEALS, manifest_of
from optout.evidence.checkpoint import make_checkpoint
from optout.evidence.key_folder import KeyFolder
from optout.evidence.layout import Layout
from optout.evidence.seal import Seal
from optout.evidence.signing_key import SigningKey
from optout.evidence.verify import verify
from optout.evidence.witnesses import Brought
from optout.flow.discovery import discover
from optout.home import private_folder
from optout.ledger.chain import Kind, next_entry
from optout.model import Account, Mode
from optout.practice.load import practice_site_of
from optout.practice.server import serve
from optout.visit.browser import open_browser
from optout.visit.order import Order
from optout.visit.site import site_for
from optout.visit.visit import visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from optout.model import Result

PASSWORD = "practice"  # noqa: S105
KEY = SigningKey.make()
FORMATS = {
    "PNG as taken": None,
    "PNG, optimised": {"format": "PNG", "optimize": True},
    "PNG, 256 colours": {"format": "PNG", "optimize": True},
    "WebP, lossless": {"format": "WEBP", "lossless": True},
    "JPEG, quality 90": {"format": "JPEG", "quality": 90},
}


class Quiet:
    """Nobody is there."""

    def tell(self, message: str) -> None:
        """Say nothing."""


async def visits(rounds: int, folder: Path) -> tuple[dict[str, list[float]], Path]:
    """Milliseconds of sealed and unsealed visits in turns, and a bundle that one of them left."""
    flow = discover().flows["linkedin"]
    practice = practice_site_of(flow)
    times: dict[str, list[float]] = {"unsealed": [], "sealed": []}
    results: list[Result] = []
    with serve(practice) as server:
        site = site_for(flow, server.origin)
        async with open_browser(site, headed=False, fenced=True, tell=print) as browser:
            for number in range(2 * rounds + 2):
                kind = ("unsealed", "sealed")[number % 2]
                login = f"{kind}{number}@example.org"
                practice.switchboard.add(login, PASSWORD)
                account = Account(flow.name, login)
                order = Order(
                    visit=uuid.uuid4().hex,
                    account=account,
                    flow=flow,
                    settings=flow.settings[:1],
                    site=site,
                    mode=Mode.AUTOMATIC,
                    may_change=True,
                    credentials=Credentials(account, password=Secret(PASSWORD)),
                    person=Quiet(),
                    folder=folder / str(number),
                    sealers=(Seal(KEY),) if kind == "sealed" else (),
                    on_result=results.append,
                    on_signed_in=lambda _state, _who: None,
                )
                began = time.perf_counter()
                await visit(order, browser)
                times[kind].append((time.perf_counter() - began) * 1000)
    bundle = results[-1].evidence
    if bundle is None:
        raise SystemExit(f"the visit left no evidence: {results[-1]}")
    return {kind: values[1:] for kind, values in times.items()}, bundle


def sealing(files: dict[str, bytes], folder: Path) -> float:
    """Milliseconds that it takes to sign a bundle and write what that adds."""
    manifest = manifest_of(files)
    took = []
    for number in range(200):
        began = time.perf_counter()
        for name, content in Seal(KEY).seal(manifest).items():
            handle = os.open(folder / f"{number}-{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            os.write(handle, content)
            os.fsync(handle)
            os.close(handle)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def installation(files: dict[str, bytes], count: int, root: Path) -> Layout:
    """As many bundles as asked for, each different, with their log."""
    layout = Layout(root)
    KeyFolder(layout.keys).add(KEY.public)
    last = None
    lines = []
    record = json.loads(files["record.json"])
    for number in range(count):
        folder = layout.evidence / "linkedin" / f"{number % 100:020}" / f"{number:08}"
        folder.mkdir(parents=True)
        said = {**record, "visit": uuid.uuid4().hex}
        content = {**files, "record.json": json.dumps(said).encode()}
        manifest = manifest_of(content)
        for name, each in {**content, **Seal(KEY).seal(manifest), MANIFEST: manifest}.items():
            (folder / name).write_bytes(each)
        name = folder.relative_to(layout.evidence).as_posix()
        at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        last = next_entry(last, Kind.BUNDLE, name, hashlib.sha256(manifest).hexdigest(), at)
        lines.append(f"{last.line}\n")
    private_folder(layout.log.parent)
    layout.log.write_text("".join(lines))
    if last:
        make_checkpoint(layout.checkpoints, last, KEY)
    return layout


def verifying(layout: Layout) -> None:
    if not all(each.valid for each in verify(layout.root, Brought())):
        raise SystemExit("what was just made does not verify")


def hashing(layout: Layout) -> None:
    """`sha256sum` over the same files."""
    listing = ["find", str(layout.evidence), "-type", "f", "-print0"]
    tool = [str(shutil.which("xargs")), "-0", "sha256sum"]
    with subprocess.Popen(listing, stdout=subprocess.PIPE) as found:
        subprocess.run(tool, stdin=found.stdout, stdout=subprocess.DEVNULL, check=True)


def seconds(work: Callable[[Layout], None], layout: Layout) -> tuple[float, float]:
    """By the clock on the wall, and of the processors' time; the best of three."""
    took = []
    for _ in range(3):
        began, used = time.perf_counter(), processors()
        work(layout)
        took.append((time.perf_counter() - began, processors() - used))
    return min(wall for wall, _ in took), min(cpu for _, cpu in took)


def processors() -> float:
    """Seconds that this process and those it started have used."""
    who = (resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in who)


def sizes(files: dict[str, bytes]) -> None:
    pictures = [content for name, content in files.items() if name.endswith(".png")]
    rest = sum(map(len, files.values())) - sum(map(len, pictures))
    print(f"\nA bundle of {len(pictures)} pictures; all but the pictures {rest:,} bytes.\n")
    print("| pictures as | bytes | against PNG | ms to write |")
    print("| --- | --- | --- | --- |")
    before = sum(map(len, pictures))
    for name, how in FORMATS.items():
        began = time.perf_counter()
        size = before if how is None else sum(len(written(each, name, how)) for each in pictures)
        took = (time.perf_counter() - began) * 1000 if how else 0
        print(f"| {name} | {size:,} | {size / before:.2f} | {took:.0f} |")


def written(picture: bytes, name: str, how: dict[str, object]) -> bytes:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if "256" in name:
        image = image.quantize(256)
    file = io.BytesIO()
    image.save(file, **how)  # type: ignore[arg-type]
    return file.getvalue()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 15  # noqa: PLR2004
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        times, bundle = asyncio.run(visits(rounds, folder / "visits"))
        files = {
            file.name: file.read_bytes()
            for file in bundle.iterdir()
            if file.name not in {MANIFEST, *SEALS}
        }
        medians = {kind: statistics.median(values) for kind, values in times.items()}
        private_folder(folder / "seals")
        cost = sealing(files, folder / "seals")
        share = cost / medians["unsealed"]
        unsealed, sealed = medians["unsealed"], medians["sealed"]
        print(f"A visit: {unsealed:.0f} ms unsealed, {sealed:.0f} ms sealed (median).")
        print(f"Sealing by itself: {cost:.2f} ms, {share:.1%} of a visit.\n")
        columns = (
            "bundles | MB | verify s | sha256sum s | its speed | processor s | its | its speed | µs each"
        )
        print(f"| {columns} |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for number in (count // 4, count // 2, count):
            layout = installation(files, number, folder / str(number))
            mega = sum(f.stat().st_size for f in layout.evidence.rglob("*") if f.is_file()) / 1e6
            hashing(layout)  # so that both find the files in memory
            (wall, cpu), (their_wall, their_cpu) = seconds(verifying, layout), seconds(hashing, layout)
            on_the_wall = f"{wall:.2f} | {their_wall:.2f} | {their_wall / wall:.2f}"
            used = f"{cpu:.2f} | {their_cpu:.2f} | {their_cpu / cpu:.2f} | {cpu / number * 1e6:.0f}"
            print(f"| {number:,} | {mega:,.0f} | {on_the_wall} | {used} |")
        sizes(files)


if __name__ == "__main__":
    main()
