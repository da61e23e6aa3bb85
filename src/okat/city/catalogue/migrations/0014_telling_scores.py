from typing import Any

from django.db import migrations


def mark(apps: Any, _editor: Any) -> None:
    """A rule that asks for the score tells what its sensitive questions were answered. What else the city's own
    questions mark is set when its folder is loaded."""
    apps.get_model("catalogue", "Opportunity").objects.filter(rule__icontains='"vulnerability"').update(telling=True)


class Migration(migrations.Migration):

    dependencies = [("catalogue", "0013_missed_by_several")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
