from django.conf import settings
from django.db import migrations, models


def as_changes(apps, schema_editor):
    """Merges that were made before: "app.Model.field:id" becomes [model, id, {field: [before, after]}]; a chain of
    merges becomes one step long, and the later merge gives the earlier one back its place."""
    merges = apps.get_model("people", "Merge").objects
    people = apps.get_model("people", "Person").objects
    for merge in merges.filter(undone_at=None).order_by("at", "id"):
        gone, keep = str(merge.gone_id), str(merge.kept_id)
        account = (merge.moved.pop("people.account", None) or [None])[0]
        moved = {app: [_change(name, gone, keep) for name in names] for app, names in merge.moved.items()}
        own = moved.setdefault("people", [])
        own.append(["people.Person", gone, {"status": ["active", "merged"], "merged_into": [None, keep]}])
        if account:
            own.append(["people.Person", gone, {"user": [account, None]}])
            own.append(["people.Person", keep, {"user": [None, account]}])
        for earlier in people.filter(merged_into=merge.gone_id):
            own.append(["people.Person", str(earlier.pk), {"merged_into": [gone, keep]}])
            people.filter(pk=earlier.pk).update(merged_into=merge.kept_id)
        merges.filter(pk=merge.pk).update(moved=moved)


def _change(name, gone, keep):
    column, _, pk = name.rpartition(":")
    model, _, field = column.rpartition(".")
    return [model, pk, {field: [gone, keep]}]


class Migration(migrations.Migration):
    atomic = True

    dependencies = [
        ("people", "0005_link_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="merge", name="own_sealed", field=models.BinaryField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="merge", name="settled_at", field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="merge",
            index=models.Index(
                condition=models.Q(("settled_at", None), ("undone_at", None)), fields=["at"], name="merge_to_settle"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("gone",), name="merge_gone_once"
            ),
        ),
        migrations.RunPython(as_changes, migrations.RunPython.noop),
    ]
