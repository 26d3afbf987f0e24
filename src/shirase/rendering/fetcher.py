"""Edge that leads nowhere: WeasyPrint may ask for files and addresses here, and gets none."""

from weasyprint.urls import URLFetcher, URLFetcherResponse


class NoFetch(URLFetcher):  # type: ignore[misc]
    """Refuses every address and remembers it.

    WeasyPrint swallows the refusal in some places (an image inside SVG), so a render is only good when
    :attr:`attempts` is empty afterwards.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.attempts: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Refuse ``url``.

        Raises:
            ValueError: Always.
        """
        del headers
        self.attempts.append(url)
        raise ValueError("reports fetch nothing")
