"""What hangs on a person's record or an opportunity, in whatever app: whoever would take one away asks here first."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from okat.city.core.registries import Registry


@dataclass(frozen=True)
class Use:
    """A foreign key to a person or an opportunity: `model` as "app.Model", and its `field`. `why`: what hangs on the
    record by such a row, in words; empty where the row is a part of the record and goes with it. `since`: the moment of
    the row, where those that were made with the record are a part of it and later ones hang on it. `at`: the moment of
    a row that can only be later; of a record that was there before, what came since counts (`in_use`, `before`)."""

    model: str
    field: str = "person"
    why: Promise | str = ""
    since: str = ""
    at: str = ""


# Filled by each app for its own rows. Key: the app's name. A test walks every foreign key to either.
IN_USE: Registry[tuple[Use, ...]] = Registry("in use")


def in_use(
    target: type[models.Model], ids: Collection[UUID], done: dt.datetime | None, *, before: bool = False
) -> Mapping[UUID, list[str]]:
    """What hangs on these records, in words; those that nothing hangs on are absent. `done`: when they were made, None
    where nobody knows. `before`: they were there before that moment, and only what came from it on counts. One
    statement for each kind of row."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for use in uses_of(target) if ids else ():
        at = (use.at or use.since) if before else use.since
        if not use.why or (before and not at):
            continue
        rows = apps.get_model(use.model)._base_manager.filter(**{f"{use.field}__in": ids})
        if at and done is not None:
            rows = rows.filter(**{f"{at}__{'gte' if before else 'gt'}": done})
        for pk in rows.order_by().values_list(use.field, flat=True).distinct():
            found[pk].append(str(use.why))
    return found


def uses_of(target: type[models.Model]) -> list[Use]:
    """Those that point to this model."""
    return [use for _app, uses in IN_USE for use in uses if _field(use).related_model is target]


def _field(use: Use) -> Any:
    return apps.get_model(use.model)._meta.get_field(use.field)
