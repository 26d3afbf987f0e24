"""Edge: the web server. Loopback unless told otherwise; no access log, for addresses hold links."""

import uvicorn

from shirase.desk.app import build_app
from shirase.desk.state import Desk

LOOPBACK = "127.0.0.1"


def serve(desk: Desk, host: str, port: int) -> None:
    """Answer until interrupted."""
    uvicorn.run(
        build_app(desk),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
    )
