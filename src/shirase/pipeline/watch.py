"""Edge: ``preview --watch``: the report is drawn again whenever somebody saves a text, a figure or a template."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from shirase.domain.errors import ShiraseError
from shirase.pipeline.draft import Engine
from shirase.pipeline.preview import Preview, Wanted, render_preview
from shirase.pipeline.progress import Silent
from shirase.rendering.worker import initialise
from shirase.text.environment import forget_texts
from shirase.text.resources import locales_root, templates_root

_STEP, _DEBOUNCE, _TURN = 20, 100, 250
"""Milliseconds between two looks, for which changes are gathered (editors save in several steps), and of a turn."""

Shown = Callable[[Preview | ShiraseError], None]
"""Told of each preview, or why there is none; the next change is waited for either way."""


def watch_preview(case_folder: Path, out: Path, wanted: Wanted, *, engine: Engine, show: Shown) -> None:
    """Render, then again after each change of the case, the templates or the catalogues, until interrupted.

    Evidence counts as well: a log that is put in place is scoped anew.

    Raises:
        KeyboardInterrupt: When the user ends it.
    """
    settings = replace(engine.worker, memory_limit=None)
    initialise(settings)
    looks = (templates_root() / "report", locales_root())
    begun = False
    # The first turn comes without a change. By then the folders are watched, so that no save is missed from here on.
    for changes in watch(
        case_folder, *looks, watch_filter=_Filter(), step=_STEP, debounce=_DEBOUNCE, rust_timeout=_TURN,
        yield_on_timeout=True,
    ):  # fmt: skip
        if begun and not changes:
            continue
        begun = True
        if any(Path(path).is_relative_to(look) for _, path in changes for look in looks):
            try:
                forget_texts()
                initialise(settings)
            except ShiraseError as error:
                show(error)
                continue
        show(_attempt(case_folder, out, wanted))


def _attempt(case_folder: Path, out: Path, wanted: Wanted) -> Preview | ShiraseError:
    try:
        return render_preview(case_folder, out, wanted, progress=Silent())
    except ShiraseError as error:
        return error


class _Filter(DefaultFilter):
    """Without what editors leave beside a file while it is open."""

    def __call__(self, change: Change, path: str) -> bool:
        name = Path(path).name
        return (
            super().__call__(change, path) and not name.startswith((".", "#")) and not name.endswith((".tmp", ".part"))
        )
