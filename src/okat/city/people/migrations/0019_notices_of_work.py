"""Notices of work are no notices of the worker's own record: 0017 could not tell them apart by their kind alone."""

from typing import Any

from django.db import migrations
from django.db.models import Q

# Since any notice says what it is about, persons are told of these with it and workers without, or workers alone are.
# Of those from before nobody can say: they go with the record.
WITH_ABOUT = Q(kind__startswith="cases.") | Q(kind__startswith="rounds.") | Q(kind__startswith="learning.turn_")
WITH_ABOUT |= Q(kind__in=["learning.line_closed", "learning.pass_on", "learning.place_ended"])


OWN_CASE = "/cases/mine/"  # where a person reads of their own case; that it is late was told them without `about`


def leave_work_alone(apps: Any, schema_editor: Any) -> None:
    notices = apps.get_model("notices", "Notice").objects
    first = notices.filter(params__has_key="about").order_by("made_at").first()
    if first is None:  # all are from before: nothing tells the two apart
        return
    rows = notices.filter(WITH_ABOUT, made_at__gte=first.made_at).exclude(record=None)
    rows.exclude(params__has_key="about").exclude(url__startswith=OWN_CASE).update(record=None)


class Migration(migrations.Migration):
    dependencies = [("people", "0018_note_is_no_visit")]
    operations = [migrations.RunPython(leave_work_alone, migrations.RunPython.noop, elidable=True)]
