"""Where templates and catalogues are: inside the installed package, or at the top level of a checkout."""

from pathlib import Path

from shirase.domain.errors import PlatformError, Problem

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent.parent


def templates_root() -> Path:
    """The folder of all templates.

    Raises:
        PlatformError: When neither the package nor a checkout around it has one.
    """
    return _find("templates")


def locales_root() -> Path:
    """The folder of all catalogues.

    Raises:
        PlatformError: When neither the package nor a checkout around it has one.
    """
    return _find("locales")


def _find(name: str) -> Path:
    for root in (_PACKAGE, _CHECKOUT):
        if (root / name).is_dir():
            return root / name
    raise PlatformError(Problem(f"the folder {name!r} is missing", str(_PACKAGE), "install shirase again"))
