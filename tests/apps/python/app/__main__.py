"""Health paths, one answer that needs the runtime dependency, an orderly end on SIGTERM."""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import idna

HEALTHY = {"/health", "/livez", "/readyz"}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path in HEALTHY:
            self.answer(200, b"ok\n")
        elif self.path == "/":
            self.answer(200, idna.encode("grüße.example"))
        else:
            self.answer(404, b"")

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
port = int(os.environ.get("PORT", "8000"))
ThreadingHTTPServer(("", port), Handler).serve_forever()
