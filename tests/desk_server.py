"""A desk that really answers on loopback, over a small batch that was really drafted."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from desk_book import NOW, MemoryBook
from shirase.desk.app import build_app
from shirase.desk.guard import doors
from shirase.desk.library import Library
from shirase.desk.open import Tools, put_together
from shirase.desk.state import Desk, Proxy, Setting
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.review_book import ReviewBook
from shirase.wiring import new_token


@dataclass(frozen=True)
class Served:
    """A desk, and where it answers."""

    desk: Desk
    address: str

    def link(self, name: str) -> str:
        """A fresh link for a reviewer."""
        return f"{self.address}/sign-in/{self.desk.links.issue(name)}"


@dataclass(frozen=True)
class Running(Served):
    """One over a ledger in memory."""

    book: MemoryBook
    case: Path


@contextmanager
def serving(folder: Path, book: ReviewBook, case: Path | None = None, proxy: Proxy | None = None) -> Iterator[Served]:
    """Serve the batch in ``folder`` until the block ends."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        desk = put_together(
            Library(OutputFolder(folder)), book, Setting(doors(port), case, proxy), Tools(lambda: NOW, new_token)
        )
        config = uvicorn.Config(build_app(desk), log_level="error", access_log=False, proxy_headers=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield Served(desk, f"http://127.0.0.1:{port}")
        finally:
            server.should_exit = True
            thread.join(20)


@contextmanager
def running(folder: Path, case: Path, *, proxy: Proxy | None = None) -> Iterator[Running]:
    """Serve the batch in ``folder``, all of it in review."""
    book = MemoryBook.submit(folder)
    with serving(folder, book, case, proxy) as served:
        yield Running(served.desk, served.address, book, case)
