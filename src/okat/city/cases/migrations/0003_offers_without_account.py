"""Offers that waited for an account's answer after it was parted from the record stand on the office's Today."""

from typing import Any

from django.db import migrations
from django.db.models import F


def ask_by_office(apps: Any, schema_editor: Any) -> None:
    waits = apps.get_model("cases", "Case").objects.filter(state="offered", acts_next=None, person__user=None)
    waits.exclude(person=None).update(acts_next=F("owner"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_telling")]
    operations = [migrations.RunPython(ask_by_office, migrations.RunPython.noop, elidable=True)]
