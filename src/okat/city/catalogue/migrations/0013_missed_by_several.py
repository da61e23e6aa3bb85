from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    """They were counted by searches: nobody can say any more which of them only one person typed."""
    apps.get_model("catalogue", "MissedSearch").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0012_known_asks")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
