"""Edge: find adapters: those that come with Shirase, and those of installed packages, by their entry points.

A package of a company's own declares ``[project.entry-points."shirase.sources"]`` with one name for each adapter; the
object named is an :class:`~shirase.intake.sources.contract.Adapter`. No fork is needed, and none is found twice.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata, resources

from shirase.domain.errors import CaseError, Problem
from shirase.intake.sources import adapters as built_in
from shirase.intake.sources.contract import Adapter
from shirase.intake.sources.mapped import MappedAdapter
from shirase.intake.sources.table import TABLES, TableAdapter

GROUP = "shirase.sources"


@dataclass(frozen=True, slots=True)
class Registry:
    """Every adapter that was found.

    Attributes:
        adapters: By name, in order of the names.
        providers: The package, with its version, of those that did not come with Shirase.
        broken: Entry points that could not be used, with the reason.
    """

    adapters: dict[str, Adapter]
    providers: dict[str, str]
    broken: tuple[Problem, ...]

    def find(self, name: str) -> Adapter:
        """The adapter called ``name``.

        Raises:
            CaseError: When there is none, or its package cannot be used.
        """
        adapter = self.adapters.get(name)
        if adapter is None:
            mend = f"one of: {', '.join(self.adapters)}"
            raise CaseError(Problem(f"there is no adapter {name!r}", "incident.toml", mend), *self.broken)
        return adapter


@lru_cache(maxsize=1)
def find_adapters() -> Registry:
    """Look for adapters, once for each process."""
    found = _built_in()
    providers: dict[str, str] = {}
    broken: list[Problem] = []
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        where = f"entry point {point.name!r} ({point.value})"
        try:
            adapter = point.load()
        # Whatever a foreign package raises while it is imported must not stop a run that does not need it.
        except Exception as error:  # noqa: BLE001
            broken.append(Problem(f"cannot be imported: {error!r:.200}", where, "mend or remove the package"))
            continue
        if not isinstance(adapter, Adapter) or adapter.card.name != point.name:
            broken.append(Problem("names no adapter of that name", where, "see docs/how-to/add-a-source.md"))
        elif adapter.card.name in found:
            broken.append(Problem("this name is taken", where, "give the adapter a name of its own"))
        else:
            found[point.name] = adapter
            providers[point.name] = f"{point.dist.name} {point.dist.version}" if point.dist is not None else "?"
    return Registry(dict(sorted(found.items())), providers, tuple(broken))


def _built_in() -> dict[str, Adapter]:
    """Looked for in the package itself, because a checkout that is only put on the path has no entry points."""
    found: dict[str, Adapter] = {"mapped": MappedAdapter()}
    for module in pkgutil.iter_modules(built_in.__path__):
        adapter: Adapter = importlib.import_module(f"{built_in.__name__}.{module.name}").ADAPTER
        found[adapter.card.name] = adapter
    for file in resources.files(TABLES).iterdir():
        name = file.name.removesuffix(".toml")
        if file.name.endswith(".toml") and name not in found:
            found[name] = TableAdapter.load(name)
    return found
