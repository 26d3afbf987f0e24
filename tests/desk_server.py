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
from shirase.desk.open import Tools, put_together
from shirase.desk.state import Desk, Proxy, Setting
from shirase.wiring import new_token


@dataclass(frozen=True)
class Running:
    """One running desk."""

    desk: Desk
    book: MemoryBook
    case: Path
    address: str

    def link(self, name: str) -> str:
        """A fresh link for a reviewer."""
        return f"{self.address}/sign-in/{self.desk.links.issue(name)}"


@contextmanager
def running(folder: Path, case: Path, *, proxy: Proxy | None = None) -> Iterator[Running]:
    """Serve the batch in ``folder`` until the block ends."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        book = MemoryBook.submit(folder)
        setting = Setting(doors(port), case, proxy)
        desk = put_together(folder, book, setting, Tools(lambda: NOW, new_token))
        config = uvicorn.Config(build_app(desk), log_level="error", access_log=False, proxy_headers=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield Running(desk, book, case, f"http://127.0.0.1:{port}")
        finally:
            server.should_exit = True
            thread.join(20)
