"""Notices of work are no notices of the worker's own record: 0017 could not tell them apart by their kind alone."""

from typing import Any

from django.db import migrations
from django.db.models import Q

# Persons are told of these with what they are about, workers without; or workers alone are told.
WITH_ABOUT = Q(kind__startswith="cases.") | Q(kind__startswith="rounds.") | Q(kind__startswith="learning.turn_")
WITH_ABOUT |= Q(kind__in=["learning.line_closed", "learning.pass_on", "learning.place_ended"])


def leave_work_alone(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("notices", "Notice").objects.filter(WITH_ABOUT).exclude(record=None)
    rows.exclude(params__has_key="about").update(record=None)


class Migration(migrations.Migration):
    dependencies = [("people", "0018_note_is_no_visit")]
    operations = [migrations.RunPython(leave_work_alone, migrations.RunPython.noop, elidable=True)]
