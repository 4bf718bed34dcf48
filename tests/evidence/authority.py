"""A time stamping authority of our own on loopback, made with OpenSSL."""

from __future__ import annotations

import http.server
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_CONFIG = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = {name}
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[stamp]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """An authority.

    Attributes:
        folder: its files.
        chain: whether it sends its root along, which OpenSSL does in an order of its own.
        asked: every query it got.
        url: where it answers; empty while it does not.
    """

    folder: Path
    chain: bool = False
    asked: list[bytes] = field(default_factory=list)
    url: str = ""

    @property
    def root(self) -> bytes:
        """Its root certificate."""
        return (self.folder / "ca.pem").read_bytes()

    def make(self, name: str = "Practice authority") -> None:
        self.folder.mkdir()
        (self.folder / "conf").write_text(_CONFIG.format(folder=self.folder, name=name))
        (self.folder / "serial").write_text("01\n")
        new = ("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._openssl(*new, "-x509", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem")
        self._openssl(*new, "-subj", "/CN=Practice stamp", "-keyout", "tsa.key", "-out", "tsa.csr")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-extfile", "conf", "-extensions", "stamp")
        self._openssl("x509", "-req", "-in", "tsa.csr", *signed, "-out", "tsa.pem")

    def reply(self, query: bytes) -> bytes:
        self.asked.append(query)
        (self.folder / "query").write_bytes(query)
        chain = ("-chain", "ca.pem") if self.chain else ()
        signer = ("-signer", "tsa.pem", "-inkey", "tsa.key", *chain)
        self._openssl("ts", "-reply", "-queryfile", "query", *signer, "-out", "reply")
        return (self.folder / "reply").read_bytes()

    @contextmanager
    def answering(self) -> Iterator[Authority]:
        with serving(self.reply, "application/timestamp-reply") as self.url:
            yield self

    def _openssl(self, *words: str) -> None:
        # Both of these read a file of the system's where none is named.
        config = ("-config", "conf") if words[0] in ("req", "ts") else ()
        command = ["openssl", *words, *config]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)


@contextmanager
def serving(answer: Callable[[bytes], bytes], kind: str = "text/plain") -> Iterator[str]:
    """A web server on loopback that answers every POST by a function of its body."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
