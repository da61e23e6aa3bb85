"""A venue answers for the city's formats, not for a list of its own."""

from django.db import migrations

NEW = {
    "step_free": "wheelchair", "lift": "lift", "toilet": "toilet", "parking": "parking", "sign": "sign-language",
    "large_print": "large-print", "quiet": "quiet",
}  # fmt: skip


def _rename(apps, names):
    for venue in apps.get_model("partners", "Venue").objects.exclude(accessibility={}):
        venue.accessibility = {names[key]: value for key, value in venue.accessibility.items() if key in names}
        venue.save(update_fields=["accessibility"])


def forwards(apps, schema_editor):
    _rename(apps, NEW)


def backwards(apps, schema_editor):
    _rename(apps, {new: old for old, new in NEW.items()})


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0001_initial'),
        ('taxonomy', '0002_access'),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
