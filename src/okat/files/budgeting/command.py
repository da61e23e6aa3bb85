"""`okat count` from its words to its exit status."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from okat.engine.budgeting.problem import BudgetingError, TieError
from okat.engine.errors import OutcomeError
from okat.files.allocation.printed import errors_text
from okat.files.budgeting.count import Count, as_dict, count_file
from okat.files.budgeting.errors import BadInputError
from okat.files.budgeting.explained import contrasted, explained
from okat.files.budgeting.printed import count_text, tie_text


class Done(NamedTuple):
    """`status`: 0 decided, 1 the outcome failed its own check, 2 bad input, 3 a tie that the rules refuse."""

    status: int
    value: dict[str, Any]
    text: str


def run(
    file: Path, given: Mapping[str, str], *, explain: str | None, against: str | None, out: Path | None, limit: int
) -> Done:
    """Whatever happens is an answer, never an exception; nothing is written unless it is decided."""
    try:
        counted = count_file(file, switches(given), limit=limit)
        value, text = as_dict(counted), count_text(counted)
        if explain is not None:
            value["explained"], told = explained(counted, explain)
            text += "\n" + told
        if against is not None:
            value["compared"], told = contrasted(counted, against)
            text += "\n" + told
        if out is not None:
            value |= _written(counted, out)
            text += f"\nbundle: {out} (sha256 {value['bundle_sha256']})"
    except BadInputError as error:
        return Done(2, {"errors": [each.as_dict() for each in error.errors]}, errors_text(error.errors))
    except TieError as error:
        said = {"message": error.text("en"), "message_th": error.text("th"), "tied": list(error.ids)}
        return Done(3, {"errors": [said]}, tie_text(error))
    except BudgetingError as error:
        said = {"message": error.text("en"), "message_th": error.text("th")}
        return Done(2, {"errors": [said]}, f"{error.text('th')}\n{error.text('en')}")
    except OutcomeError as error:
        return Done(1, {"errors": [{"message": str(error)}]}, f"ผลไม่ผ่านการตรวจ จึงไม่ประกาศ / {error}")
    except OSError as error:
        return Done(2, {"errors": [{"message": str(error)}]}, f"เขียนหรืออ่านไฟล์ไม่ได้ / {error}")
    return Done(0, value, text)


def switches(given: Mapping[str, str]) -> dict[str, Any]:
    """As the rules take them: a chain of completions is joined by + (or commas), an order of ties by commas."""
    found: dict[str, Any] = dict(given)
    for name, signs in (("completion", "+"), ("ties", "")):
        if name in found:
            text = str(found[name])
            for sign in signs:
                text = text.replace(sign, ",")
            found[name] = tuple(part.strip() for part in text.split(",") if part.strip())
    return found


def _written(counted: Count, out: Path) -> dict[str, str]:
    from okat.files.budgeting.bundle import write

    return {"bundle": str(out), "bundle_sha256": write(counted, out)}
