"""The tables a responder reads after a run: accounting, funnel, edges, what needs a person, what was written."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Group
from rich.text import Text

from shirase.cli.console import out, table
from shirase.domain.accounting import Account, total_account
from shirase.domain.disposition import Disposition
from shirase.pipeline.draft import DraftRun
from shirase.pipeline.run_sheet import funnel
from shirase.pipeline.scope import ScopeRun


def print_scope(run: ScopeRun) -> None:
    """Print everything the scope found."""
    window = run.case.window
    heading = Text(f"{run.case.incident.id}", style="bold")
    heading.append(f"  window {window.start_at:%Y-%m-%d %H:%M:%S.%f} to {window.end_at:%Y-%m-%d %H:%M:%S.%f} UTC, ")
    heading.append(f"both ends included (written in {window.zone})")
    out.print(heading)
    out.print(_accounting(run))
    out.print(_funnel(run))
    out.print(_edges(run))
    for concern in _concerns(run):
        out.print(concern)


def print_draft(draft: DraftRun) -> None:
    """Print what was written, and what was not."""
    drafted, timings = draft.drafted, draft.timings
    line = Text(f"{len(drafted.written)} reports", style="bold green" if not drafted.failed else "bold yellow")
    line.append(f" ({timings.pages:,} pages) in {draft.scope.output.reports}")
    line.append(
        f"; {timings.rendered} rendered, {timings.reused} unchanged, {timings.total:.0f} s on {timings.jobs} workers"
    )
    out.print(line)
    if timings.first_report is not None:
        out.print(f"first report after {timings.first_report:.1f} s")
    refused = Counter(receipt.refused for receipt in drafted.written if receipt.refused is not None)
    if refused:
        what = f"{refused.total()} reports made by the reference engine, which the fast one would not draw"
        out.print(
            Text(
                f"{what}: {'; '.join(f'{reason} ({count})' for reason, count in refused.most_common())}", style="yellow"
            )
        )
    if drafted.withdrawn:
        out.print(
            Text(f"{len(drafted.withdrawn)} files of customers no longer in scope moved to withdrawn/", style="yellow")
        )
    if drafted.failed:
        rows = [(f.customer_id, f.report_id, f.what, f.where, f.mend) for f in drafted.failed]
        out.print(
            table("Failed: these customers have no report", ["customer", "report", "what", "where", "mend"], rows)
        )


def _accounting(run: ScopeRun) -> Group:
    columns = ["source", "lines read", *(d.value.replace("_", " ") for d in Disposition), "adds up"]
    accounts = [*run.result.accounts]
    if len(accounts) > 1:
        accounts.append(total_account(run.result.accounts))
    return table("Accounting: every line is somewhere", columns, [_account_row(account) for account in accounts])


def _account_row(account: Account) -> list[object]:
    return [account.source_id, account.lines_read, *(account.count(d) for d in Disposition), account.balances()]


def _funnel(run: ScopeRun) -> Group:
    figures = funnel(run)
    share = f"{figures['customers_share_percent']} % of {figures['customers_total']:,}"
    rows = [
        ("log lines read", figures["lines"], ""),
        ("actions", figures["actions"], ""),
        ("actions in scope", figures["in_scope"], ""),
        ("tenants touched", figures["tenants_affected"], ""),
        ("customers affected", figures["customers_affected"], share),
    ]
    return table("Funnel", ["", "count", ""], rows)


def _edges(run: ScopeRun) -> Group:
    rows = [(move.end, f"{move.hours:+d} h", f"{move.lines:+,}", f"{move.customers:+,}") for move in run.result.edges]
    return table("Window edges: what moving an end would change", ["end", "moved by", "lines", "customers"], rows)


def _concerns(run: ScopeRun) -> Iterator[Group]:
    result = run.result
    if result.unknown_actors:
        rows = [(a.actor_id, a.organisation_logged or "not logged", a.lines) for a in result.unknown_actors]
        yield table(
            "Employer unknown: counted as in scope (worst case)", ["actor", "organisation logged", "lines"], rows
        )
    if result.open_count:
        waiting = [(f"{o.path}:{o.line}", ", ".join(o.tenant_ids) or "none", o.rule) for o in result.open_lines[:10]]
        yield table(
            f"Nobody knows whose: {result.open_count} lines wait for decisions.toml",
            ["line", "tenants", "rule"],
            waiting,
        )
    if result.conflicts:
        rows = [(source, uid, lines) for source, uid, lines in result.conflicts[:10]]
        yield table("One event id, different content: all kept, flagged", ["source", "event id", "lines"], rows)
    if result.undescribed:
        rows = [(source, native, lines) for source, native, lines in result.undescribed]
        yield table("Actions nobody has described: printed raw, said so", ["source", "action", "lines"], rows)
    yield from _exports(run)


def _exports(run: ScopeRun) -> Iterator[Group]:
    """What the files themselves were like."""
    remarks = [(remark.where, remark.what, remark.mend) for file in run.intake.files for remark in file.remarks]
    if remarks:
        yield table(
            "WARNING: exports that are probably not whole, or not wholly read", ["file", "what", "mend"], remarks
        )
    if nested := [each for each in run.result.nested_files if each.only_here]:
        title = "WARNING: hourly files with rows that the daily file lacks; they count"
        yield table(title, ["file", "inside", "rows only here"], [(n.path, n.whole, n.only_here) for n in nested])
    stripped: Counter[str] = Counter()
    for file in run.intake.files:
        stripped.update(file.stripped)
    if stripped:
        yield table("Never taken in", ["kind", "values"], sorted(stripped.items()))
    unmapped = [(f.facts.path, native, n) for f in run.intake.files for native, n in f.unmapped_actions.items()]
    if unmapped:
        most = sorted(unmapped, key=lambda row: -row[2])[:20]
        yield table("Codes that the adapter or profile does not know", ["file", "code", "lines"], most)
    if run.intake.reject_count:
        title = f"Unusable lines: {run.intake.reject_count}, kept in {run.output.rejects.name}"
        yield table(title, ["reason", "lines", "most of them in"], _rejects(run))
    unknown = [(f.facts.path, column, count) for f in run.intake.files for column, count in f.unknown_columns.items()]
    if unknown:
        yield table("Columns the profile does not mention", ["file", "column", "lines"], unknown)


def _rejects(run: ScopeRun) -> list[tuple[str, int, str]]:
    """Reasons by how often they occur, each with the file that has most of them."""
    reasons = {reason for file in run.intake.files for reason in file.rejects}
    rows = []
    for reason in sorted(reasons):
        counts = {file.facts.path: file.rejects.get(reason, 0) for file in run.intake.files}
        worst = max(counts, key=lambda path: counts[path])
        rows.append((reason, sum(counts.values()), f"{worst} ({counts[worst]})"))
    return sorted(rows, key=lambda row: -row[1])
