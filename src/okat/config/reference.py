"""Pages of the reference that are made from the code, so that they cannot say anything else."""

from pathlib import Path


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


PAGES = {"permissions.md": permissions}


def write(folder: Path) -> list[str]:
    """Write every page into `folder`; the names of those that changed."""
    changed = []
    for name, make in PAGES.items():
        path, text = folder / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
