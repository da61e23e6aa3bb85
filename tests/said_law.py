"""Somebody says of a file that waits what its page asks of them."""

from okat.city.accounts.models import User
from okat.city.people import actions
from okat.city.people.models import ImportBatch
from okat.city.people.queries.imports import check_batch
from okat.city.people.rules import Law


def say_law(*, batch: ImportBatch, law: Law, by: User) -> ImportBatch:
    """Of as many rows as the page tells."""
    return actions.say_law(batch=batch, law=law, rows=check_batch(batch).lawful, by=by)
