from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Q, Subquery

# What an account was told of its own record, before each notice said of which one.
OF_RECORDS = (
    Q(kind__startswith="cases.") | Q(kind__startswith="rounds.") | Q(kind__startswith="learning.")
    | Q(kind="catalogue.found") | Q(kind__in=["people.by_law", "people.grown", "people.handed_over"])
)  # fmt: skip


def say_of_whom(apps: Any, schema_editor: Any) -> None:
    people = apps.get_model("people", "Person").objects.exclude(user=None)
    own = people.filter(user=OuterRef("user")).values("pk")[:1]
    rows = apps.get_model("notices", "Notice").objects.filter(OF_RECORDS, user__in=people.values("user"))
    rows.update(record=Subquery(own))


class Migration(migrations.Migration):
    dependencies = [("people", "0016_slip_over"), ("notices", "0004_of_a_record")]
    operations = [migrations.RunPython(say_of_whom, migrations.RunPython.noop, elidable=True)]
