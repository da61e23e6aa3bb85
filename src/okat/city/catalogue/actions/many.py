"""Writing many opportunities at once: imports and the demo. A constant number of statements per 1,000 rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.catalogue.actions._build import Known, digest_of, faults_of, fill
from okat.city.catalogue.actions._save import known_by_key, save_rows
from okat.city.catalogue.actions._unmet import tell
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import CatalogueError, Fault, Status
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import audit, clock, registries
from okat.city.core.action import action
from okat.city.partners.queries import all_stay


@dataclass(frozen=True)
class Published:
    """What became of each row, in the rows' order: the ids, and how many were new, changed, and the same as before."""

    ids: tuple[UUID, ...]
    new: int
    changed: int
    same: int


@action
def publish_many(
    *, rows: Sequence[OpportunityRow], by: User, status: Status = Status.PUBLISHED, batch: UUID | None = None
) -> Published:
    """Keep every row or none. A row whose key its partner has used before changes that opportunity (sessions and
    pledges only where the row names some); an equal row changes nothing.

    Raises CatalogueError whose faults name the row by its place (`row 3: title_th`).
    """
    known = Known.of(rows)
    _refuse_faulty(rows, known)
    all_stay({known.partners[row.provider].pk for row in rows})  # before the courses; `save_rows` refuses
    kept = _kept(rows)
    fresh: list[Opportunity] = []
    changed: list[Opportunity] = []
    touched: list[tuple[Opportunity, OpportunityRow]] = []
    result: list[Opportunity] = []
    for row in rows:
        found = kept.get((row.provider, row.key)) if row.key else None
        if found is not None and found.row_digest == digest_of(row):
            result.append(found)
            continue
        made = fill(found or _new(row, status), row, known)
        made.import_batch = batch
        (changed if found else fresh).append(made)
        touched.append((made, row))
        result.append(made)
        if row.key:
            kept[row.provider, row.key] = made
    save_rows(fresh, changed, touched, known, by)
    verb = "catalogue.publish" if status is Status.PUBLISHED else "catalogue.write"
    audit.record_many(by=by, verb=verb, subjects=[*fresh, *changed], fields=["all"])
    audit.record(by=by, verb="catalogue.publish_many")
    tell([*fresh, *changed], by)
    if changed:
        registries.publish("opportunities.changed", opportunities=changed, by=by)
    return Published(tuple(o.pk for o in result), len(fresh), len(changed), len(rows) - len(fresh) - len(changed))


def _refuse_faulty(rows: Sequence[OpportunityRow], known: Known) -> None:
    faults = [
        Fault(f"row {place}: {fault.field}", fault.words)
        for place, row in enumerate(rows, 1)
        for fault in faults_of(row, known)
    ]
    seen: set[tuple[str, str]] = set()
    for place, row in enumerate(rows, 1):
        if row.key and (row.provider, row.key) in seen:
            faults.append(Fault(f"row {place}: key", f"“{row.key}” stands twice."))
        seen.add((row.provider, row.key))
    if faults:
        raise CatalogueError(*faults)


def _kept(rows: Sequence[OpportunityRow]) -> dict[tuple[str, str], Opportunity]:
    known = known_by_key(rows).select_for_update(of=("self",), no_key=True)
    return {(o.provider.code, o.row_key): o for o in known.select_related("provider").order_by("pk")}


def _new(row: OpportunityRow, status: Status) -> Opportunity:
    made = Opportunity(status=status.value)
    if row.id is not None:
        made.id = row.id
    if status is Status.PUBLISHED:
        made.published_at = clock.now()
    return made
