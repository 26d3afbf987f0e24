"""Edge: ``preview --watch``: the report is drawn again whenever somebody saves a text, a figure or a template."""

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from shirase.domain.errors import ShiraseError
from shirase.pipeline.draft import Engine
from shirase.pipeline.held_scope import HeldScope
from shirase.pipeline.preview import Preview, Wanted, draw_preview
from shirase.rendering.worker import initialise
from shirase.text.environment import forget_texts
from shirase.text.resources import locales_root, templates_root

_STEP, _DEBOUNCE, _TURN = 10, 100, 250
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
    scope = HeldScope(case_folder, out)
    begun = False
    # The first turn comes without a change. By then the folders are watched, so that no save is missed from here on.
    for changes in watch(
        case_folder, *looks, watch_filter=_Filter(), step=_STEP, debounce=_DEBOUNCE, rust_timeout=_TURN,
        yield_on_timeout=True,
    ):  # fmt: skip
        if begun and not changes:
            continue
        begun = True
        paths = [Path(path) for _, path in changes]
        of_looks = [path for path in paths if any(path.is_relative_to(look) for look in looks)]
        scope.tell(path for path in paths if path not in of_looks)
        try:
            if of_looks:
                forget_texts()
            # What was laid out is known by its HTML: only other rules of CSS make it wrong.
            if any(path.suffix == ".css" for path in of_looks):
                initialise(settings)
            show(draw_preview(scope.now(), wanted, sketch=True))
        except ShiraseError as error:
            show(error)
        gc.collect()  # while nobody waits: what laying out leaves behind are cycles


class _Filter(DefaultFilter):
    """Without what editors leave beside a file while it is open."""

    def __call__(self, change: Change, path: str) -> bool:
        name = Path(path).name
        return (
            super().__call__(change, path) and not name.startswith((".", "#")) and not name.endswith((".tmp", ".part"))
        )
