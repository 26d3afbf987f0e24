"""What commands print: tables and colour for people, JSON for machines, problems in words on standard error."""

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import typer
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from shirase.domain.errors import Problem, ShiraseError
from shirase.domain.exits import ExitCode

P = ParamSpec("P")
R = TypeVar("R")

PROBLEMS_SHOWN = 100

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """Print ``value`` as JSON on standard output and nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Group:
    """A titled table whose cells are plain text: what a log says is never taken for markup. Figures stand right."""
    built = Table(header_style="bold", expand=False)
    cells = [[_cell(value) for value in row] for row in rows]
    for position, column in enumerate(columns):
        figures = bool(cells) and all(isinstance(row[position][1], int | float) for row in cells)
        built.add_column(Text(column), justify="right" if figures else "left", overflow="fold")
    for row in cells:
        built.add_row(*(text for text, _ in row))
    return Group(Text(), Text(title, style="bold"), built)


def print_problems(problems: Iterable[Problem]) -> None:
    """Print each problem: what, where, what to do; of very many the first, and how many more there are."""
    found = tuple(problems)
    for problem in found[:PROBLEMS_SHOWN]:
        line = Text("✗ ", style="bold red")
        if problem.where:
            line.append(f"{problem.where}: ", style="bold")
        line.append(problem.what)
        err.print(line)
        if problem.mend:
            err.print(Text(f"  → {problem.mend}", style="cyan"))
    if len(found) > PROBLEMS_SHOWN:
        err.print(Text(f"… and {len(found) - PROBLEMS_SHOWN:,} more", style="bold red"))


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what goes wrong in a command into words and its exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ShiraseError as error:
            print_problems(error.diagnostics())
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            err.print(Text("Interrupted. Nothing is half-written; the same command goes on from here.", style="yellow"))
            raise typer.Exit(ExitCode.INTERRUPTED) from error
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except OSError as error:
            what = os.strerror(error.errno) if error.errno else str(error)
            print_problems([Problem(what, str(error.filename or "this machine"), "mend that, then run it again")])
            raise typer.Exit(ExitCode.INPUT_UNUSABLE) from error
        except Exception as error:
            err.print(Text(traceback.format_exc(), style="dim"))
            err.print(
                Text("This is a fault in shirase itself, not in your case. Please report the lines above.", style="red")
            )
            raise typer.Exit(ExitCode.BUG) from error

    return run


def _cell(value: object) -> tuple[Text, object]:
    if isinstance(value, bool):
        return Text("yes", style="green") if value else Text("no", style="red"), value
    if isinstance(value, int):
        return Text(f"{value:,}"), value
    return Text(str(value)), value
