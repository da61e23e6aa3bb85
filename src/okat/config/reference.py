"""Pages of the reference that are made from the code, so that they cannot say anything else."""

import inspect
from pathlib import Path

import click

from okat.config.environment import VARIABLES


def permissions() -> str:
    """docs/reference/permissions.md: what each permission lets one do, and which roles carry it."""
    from okat.city.core.permissions import Permission
    from okat.city.partners.rules import PERMISSIONS, Role

    head = ["permission", "what it allows", *(role.value.replace("_", " ") for role in Role)]
    lines = [
        "# Permissions and roles",
        "",
        "Made by `okat reference`. A view names the permissions that open it; a role bundles permissions; a membership",
        "gives a role in one partner and within areas. Whose records one may see is decided by grants, not by roles.",
        "",
        _row(head),
        _row(["---"] * len(head)),
    ]
    for one in Permission:
        carried = ["x" if one in PERMISSIONS[role] else "" for role in Role]
        lines += [_row([f"`{one.name}`", one.value, *carried])]
    return "\n".join(lines) + "\n"


def settings() -> str:
    """docs/reference/settings.md: each environment variable with its meaning and default."""
    lines = [
        "# Settings",
        "",
        "Made by `okat reference`. All that a city may set comes from the environment; a demonstration needs nothing.",
        "A real city sets at least `OKAT_DEMO=0`, `OKAT_KEYS`, `OKAT_CITY`, `OKAT_URL` and `OKAT_HOSTS`.",
    ]
    for group in dict.fromkeys(one.group for one in VARIABLES):
        lines += ["", f"## {group}", "", _row(["variable", "meaning", "default"]), _row(["---"] * 3)]
        lines += [
            _row([f"`{one.name}`", one.meaning, one.shown or (f"`{one.default}`" if one.default else "empty")])
            for one in VARIABLES
            if one.group == group
        ]
    return "\n".join(lines) + "\n"


def commands() -> str:
    """docs/reference/commands.md: each command with its arguments, its help and its options."""
    from okat.cli import main

    lines = ["# Commands", "", "Made by `okat reference`. `okat COMMAND -h` says the same."]
    for path, command in _commands(main, "okat"):
        usage = " ".join([path, *(_shown(each) for each in _visible(command))])
        lines += ["", f"## `{usage}`", "", inspect.cleandoc(command.help or "")]
        options = [each for each in _visible(command) if isinstance(each, click.Option) and each.help]
        lines += [""] * bool(options)
        lines += [f"- `{max(each.opts, key=len)}`: {each.help}{_default(each)}" for each in options]
    return "\n".join(lines) + "\n"


def case_states() -> str:
    """docs/reference/case-states.md."""
    from okat.city.cases.rules import reference

    return reference()


def round_states() -> str:
    """docs/reference/round-states.md: the steps of a round, who makes them, what an answer may be."""
    from okat.city.rounds.rules import ANSWER_LABELS, ORDER, STATUS_LABELS, STEPS, WAITED_OUT

    lines = [
        "# States of a round",
        "",
        "Made by `okat reference` from the table in `okat.city.rounds.rules`. A round goes one way; no step is undone.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {ORDER[0]}: create",
        *(f"    {each.now} --> {each.to}: {each.verb}" for each in STEPS),
        f"    {ORDER[-1]} --> [*]",
        "```",
        "",
        _row(["State", "On the screen", "Next step", "Made by", "Permission"]),
        _row(["---"] * 5),
    ]
    steps = {each.now: each for each in STEPS}
    for status in ORDER:
        step = steps.get(status)
        after = [f"{step.verb}: {step.label}", step.actor.value, f"`{step.permission.name}`"] if step else ["", "", ""]
        lines.append(_row([status.value, str(STATUS_LABELS[status]), *after]))
    lines += [
        "",
        "An applicant's result: "
        + "; ".join(f"{a.value} ({words})" for a, words in ANSWER_LABELS.items())
        + f"; in a finished round waiting reads: {WAITED_OUT}.",
    ]
    return "\n".join(lines) + "\n"


PAGES = {
    "permissions.md": permissions,
    "settings.md": settings,
    "commands.md": commands,
    "case-states.md": case_states,
    "round-states.md": round_states,
}


def page(name: str) -> str:
    """The page as it should be now; always in English, whatever the reader's language."""
    from django.utils import translation

    with translation.override("en"):
        return PAGES[name]()


def write(folder: Path) -> list[str]:
    """Write every page into `folder`; the names of those that changed."""
    changed = []
    for name in PAGES:
        path, text = folder / name, page(name)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


def _commands(group: click.Group, prefix: str) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        path = f"{prefix} {name}"
        found += _commands(command, path) if isinstance(command, click.Group) else [(path, command)]
    return found


def _visible(command: click.Command) -> list[click.Parameter]:
    return [each for each in command.params if not getattr(each, "hidden", False)]


def _shown(parameter: click.Parameter) -> str:
    """As it is typed; brackets around what may be left out."""
    if isinstance(parameter, click.Option):
        name = max(parameter.opts, key=len)
        text = name if parameter.is_flag else f"{name} {(parameter.name or '').upper()}"
    elif isinstance(parameter.type, click.Choice):
        text = "|".join(map(str, parameter.type.choices))
    else:
        text = (parameter.name or "").upper()
    return text if parameter.required else f"[{text}]"


def _default(option: click.Option) -> str:
    return f" [default: {option.default}]" if option.show_default else ""


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
