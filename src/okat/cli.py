"""The `okat` command. Each subcommand is one call; imports are late, so that the command starts
without numba, Django or Polars."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from okat.config.faults import OperatorError, from_outside


class _InWords(click.Group):
    """Says what can be mended from outside in words and ends with 2; a traceback stays for faults of ours."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OperatorError as error:
            raise _Refused(str(error)) from error
        except Exception as error:
            if said := from_outside(error):
                raise _Refused(said) from error
            raise


class _Refused(click.ClickException):
    exit_code = 2


@click.group(cls=_InWords, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="okat")
def main() -> None:
    """Okat: opportunities of a city, decided with reasons that anyone can check."""


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the shell completion script: `okat completion bash >> ~/.bashrc`."""
    from click.shell_completion import get_completion_class

    cls = get_completion_class(shell)
    if cls is None:  # pragma: no cover - Choice above only admits known shells
        raise click.UsageError(shell)
    click.echo(cls(main, {}, "okat", "_OKAT_COMPLETE").source())


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seed", required=True, help="The published seed of the lottery that orders equal scores.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The bundle to write.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def allocate(folder: Path, seed: str, out: Path, as_json: bool) -> None:
    """Decide who gets which limited place, and write the decision as a bundle.

    FOLDER holds opportunities.csv (id, capacity, reserves), applicants.csv (id, groups) and
    preferences.csv or .parquet (applicant, opportunity, rank, priority).
    Exit 0: decided; 2: bad input, nothing written.
    """
    from okat.files.allocation.bundle import allocate as run
    from okat.files.allocation.errors import BadInputError
    from okat.files.allocation.printed import allocation_text, errors_text

    try:
        result = run(folder, seed=seed, out=out)
    except BadInputError as error:
        _print(
            as_json,
            {"errors": [each.as_dict() for each in error.errors]},
            errors_text(error.errors),
            err=True,
        )
        sys.exit(2)
    except OSError as error:
        _print(as_json, {"errors": [{"message": str(error)}]}, f"เขียนหรืออ่านไฟล์ไม่ได้ / {error}", err=True)
        sys.exit(2)
    _print(as_json, result, allocation_text(result))


@main.command("count")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rule", type=click.Choice(["equal-shares", "greedy", "greedy-per-cost", "optimum", "phragmen"]))
@click.option("--utility", type=click.Choice(["cost", "cardinality"]), help="What a winner is worth to its supporters.")
@click.option("--completion", help="none, add1, add1u, greedy, or a chain: add1+greedy.")
@click.option("--stop", type=click.Choice(["overspend", "exhaustive"]), help="When raising the shares ends.")
@click.option("--start", type=click.Choice(["floor", "exact"]), help="The first share: a whole amount, or exact.")
@click.option("--ties", help="An order from min-cost, max-cost, max-votes, lowest-id, refuse; divided by commas.")
@click.option("--explain", metavar="PROJECT", help="Say of this project why it won or lost, and by how many votes.")
@click.option("--compare", metavar="RULE", help="Also count by this rule, and say who gains and who loses.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The bundle to write.")
@click.option("--limit-mb", default=128, show_default=True, help="A larger file is refused before it is read.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def count_votes(
    file: Path,
    explain: str | None,
    compare: str | None,
    out: Path | None,
    limit_mb: int,
    as_json: bool,
    **switches: str | None,
) -> None:
    """Decide from the ballots in a Pabulib FILE (.pb or .pb.gz) which projects a budget pays for.

    Without --rule the rule that the file's META names is honoured, with its threshold and comparison; any other switch
    changes only itself. The rules are printed with the result, in words.
    Exit 0: decided; 1: the result failed its own check and is not shown; 2: bad input; 3: projects tie and the rules
    refuse to choose.
    """
    from okat.files.budgeting.command import run

    given = {name: value for name, value in switches.items() if value is not None}
    done = run(file, given, explain=explain, against=compare, out=out, limit=limit_mb * 1024 * 1024)
    _print(as_json, done.value, done.text, err=bool(done.status))
    sys.exit(done.status)


@main.command()
@click.argument("bundle", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--seed", help="The seed that was published: named if the bundle has another one.")
@click.option(
    "--inputs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of inputs that was published: named if the bundle has others.",
)
@click.option(
    "--row",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A person's own row: proved against the public bundle.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def verify(bundle: Path, seed: str | None, inputs: Path | None, row: Path | None, as_json: bool) -> None:
    """Prove a decision bundle from its definition, or name each violation with its property and row.

    Needs neither database nor network. Exit 0: all proved; 1: wrong; 2: not a readable bundle; 4: nothing wrong, not
    all proved, as with a public bundle, each of whose seats is proved by your own row and by the named auditors, or
    with one of `okat allocate`, where nothing was drawn.
    """
    from okat.files.allocation.printed import report_text
    from okat.files.container import UnreadableBundleError
    from okat.files.verify import verify_bundle

    try:
        report = verify_bundle(bundle, seed=seed, inputs=inputs, row=row)
    except UnreadableBundleError as error:
        _print(as_json, {"proven": False, "error": str(error)}, f"อ่านชุดผลไม่ได้ / {error}", err=True)
        sys.exit(2)
    _print(as_json, {"bundle": str(bundle), **report.as_dict()}, report_text(report))
    sys.exit(report.exit_code)


def _print(as_json: bool, value: object, text: str, *, err: bool = False) -> None:
    """JSON goes to standard output, errors included, so that a program finds it in one place."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    else:
        click.echo(text, err=err)


@main.group()
def city() -> None:
    """A city's folder: areas, partners, words."""


@city.command("load")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False))
def city_load(folder: str | None) -> None:
    """Bring the database in line with a city's FOLDER (default: the configured one)."""
    from okat.config import commands

    commands.load_city(folder, click.echo)


@main.group()
def areas() -> None:
    """Areas and their boundaries."""


@areas.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--source", default="", help="Where the boundaries come from; shown beside the map.")
def areas_import(file: str, source: str) -> None:
    """Give areas their boundaries from a GeoJSON FILE (COD-AB attribute names work as they are)."""
    from okat.config import commands

    commands.import_areas(file, source, click.echo)


@main.command("import")
@click.argument("kind", type=click.Choice(["people", "opportunities", "jobs"]))
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--partner", required=True, help="Code of the partner whose rows these are.")
@click.option("--into", default="", help="The opportunity (its id) that gets all meetings of a calendar.")
@click.option("--sheet", default="", help="The sheet of a workbook that is read; else the one that fits best.")
@click.option(
    "--by-law",
    type=click.Choice(["s24_4", "s26_5"]),
    default=None,
    help="By which law of the PDPA people without a consent are kept; without it they do not go in.",
)
@click.option(
    "--column",
    "said",
    multiple=True,
    metavar="LETTER=FIELD",
    help="What a column is, such as H=consent or H=refused; H= leaves it out. May be given again.",
)
@click.option(
    "--looked",
    is_flag=True,
    help="You looked at the remarks on people who may have died, moved away or said no; before, nothing goes in.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_rows(
    kind: str, file: Path, *, partner: str, by_law: str | None, said: tuple[str, ...], dry_run: bool, as_json: bool,
    **how: Any,
) -> None:  # fmt: skip
    """Import a spreadsheet (.xlsx, .xls, .ods, .csv) as offices keep it: all rows or none.

    Opportunities also from a calendar (.ics), or a package of Open Referral HSDS (a zip or folder with
    datapackage.json); what the file is decides, not its name.

    Rows that do not go in (a total, a note, somebody who is there already), remarks on those that do, and sheets and
    columns that are not read are told too. Exit 0: all in or, with --dry-run, all could go in; 2: nothing in, and each
    error says where and how to mend it.

    A column that speaks of consent in other words than the known ones stops a file of people until --column says what
    it is. Of --by-law, s24_4 is a public task; s26_5, health or social protection by law, lets health and disability
    in too.
    """
    from okat.config import commands

    parts = [each.partition("=") for each in said]
    columns = {letter.strip().upper(): field.strip() or None for letter, _sign, field in parts}
    done = commands.import_rows(  # `how`: into, sheet, looked
        kind, file, partner, dry_run=dry_run, by_law=by_law or "", columns=columns, **how
    )
    _print(as_json, done, "\n".join(commands.import_lines(done)), err=bool(done["errors"]))
    sys.exit(2 if done["errors"] else 0)


@main.command()
def migrate() -> None:
    """Start the database where needed and bring its tables up to date."""
    from okat.config import commands

    commands.migrate()


@main.group("keys")
def keys_group() -> None:
    """The city's secret keys."""


@keys_group.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def keys_new(file: Path) -> None:
    """Write a fresh key FILE (never over an old one)."""
    from okat.config import keeping

    keeping.new_keys(file, click.echo)


@keys_group.command("rotate")
@click.option("--finish", is_flag=True, help="Make no new key: only wrap what an older one still wraps.")
@click.option("--despite-keys", is_flag=True, help="Also where a key is lost: what it sealed stays shut.")
def keys_rotate(finish: bool, despite_keys: bool) -> None:
    """Put a new key in front and wrap every person's key with it; run again after a kill to go on.

    The running server seals with it at once. Exit 0: no older key is needed by the database any more; 2: somebody who
    began before may still write with one, and is named.
    """
    from okat.config import keeping

    keeping.rotate_keys(click.echo, finish=finish, despite_keys=despite_keys)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace FILE if it exists.")
def backup(file: Path, yes: bool) -> None:
    """Write database, uploaded files and a manifest with digests to FILE; never the keys."""
    from okat.config import keeping

    keeping.back_up(file, replace=yes, say=click.echo)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Put what is here aside and restore over it.")
@click.option("--despite-keys", is_flag=True, help="Also where the key file opens a part of it only.")
def restore(file: Path, yes: bool, despite_keys: bool) -> None:
    """Bring back a backup FILE, proven before it takes the place of what is here."""
    from okat.config import keeping

    keeping.bring_back(file, replace=yes, say=click.echo, despite_keys=despite_keys)


@main.group()
def user() -> None:
    """Accounts, for whoever runs the server."""


@user.command("add")
@click.argument("login")
@click.option("--name", required=True, help="The person's name.")
@click.option("--email", default="", help="For a forgotten password and notices.")
@click.option("--partner", default="", help="Code of the partner where the person works.")
@click.option("--role", default="", help="Role in that partner, such as coordinator or manager.")
def user_add(login: str, name: str, email: str, partner: str, role: str) -> None:
    """Make an account and print its first password, which must be changed at sign-in."""
    from okat.config import keeping

    keeping.add_user(login, name=name, email=email, partner=partner, role=role, say=click.echo)


@user.command("password")
@click.argument("login")
@click.option("--drop-second-factor", is_flag=True, help="Also for a lost telephone.")
def user_password(login: str, drop_second_factor: bool) -> None:
    """Print a new first password and end a lock-out; sessions of the account end."""
    from okat.config import keeping

    keeping.reset_password(login, drop_second_factor=drop_second_factor, say=click.echo)


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def reference(folder: Path) -> None:
    """Write the pages of the reference that are made from the code into FOLDER (make docs)."""
    from okat.config import boot
    from okat.config import reference as pages

    boot.boot()
    click.echo(" ".join(pages.write(folder)) or "nothing changed")


@main.command()
@click.option("--no-serve", is_flag=True, help="Build and stop.")
@click.option("--clean", is_flag=True, help="Throw the demo's data away and start over.")
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
def demo(no_serve: bool, clean: bool, port: int) -> None:
    """Build the made-up city, run a round, and serve it; a second run keeps the data."""
    from okat.config import commands

    commands.demo(click.echo, serve_it=not no_serve, clean=clean, port=port)


@main.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def check_city(as_json: bool) -> None:
    """Say what must hold before the city is served, and what does not; `okat serve` asks the same list.

    What is not looked at (in a demo most of it; with a silent database what is in it) is marked "–", with why.
    Exit 0: it may be served; 1: it may not.
    """
    from okat.config import commands

    lines: list[str] = []
    rows = commands.check(lines.append)
    _print(as_json, {"items": rows}, "\n".join(lines))
    sys.exit(1 if any(row["refused"] and row["holds"] is False for row in rows) else 0)


@main.command()
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
@click.option("--workers", default=1, show_default=True, help="Server processes.")
@click.option("--no-work", is_flag=True, help="Without the worker: somebody else runs `okat work`.")
def serve(port: int, workers: int, no_work: bool) -> None:
    """Serve the site at http://127.0.0.1:PORT, and do beside it the work that waits."""
    from okat.config import commands

    commands.serve(click.echo, port=port, workers=workers, jobs=not no_work)


@main.command()
def stop() -> None:
    """Stop the database that comes along, which goes on when the site ends: before a move, or when all is over."""
    from okat.config import commands

    commands.stop_database(click.echo)


@main.command()
@click.option("--once", is_flag=True, help="Do what waits now, and stop.")
@click.option("--beside", default=0, hidden=True)
def work(once: bool, beside: int) -> None:
    """Send letters, open and close rounds at their time, remind of deadlines; `okat serve` starts one by itself."""
    from okat.config import working

    working.work(once=once, beside=beside)


@main.command("stand-in")
@click.option("--port", default=8025, show_default=True, help="where LINE and the SMS gateway are played")
@click.option("--smtp-port", default=1025, show_default=True, help="where the mail server is played")
def stand_in(port: int, smtp_port: int) -> None:
    """Play the mail server, the SMS gateway and LINE on this machine, and show each letter that arrives; for a demo."""
    from okat.config import standin

    standin.show(click.echo, port=port, smtp_port=smtp_port)
