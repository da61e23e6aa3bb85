"""The ground of a file is said by a person. What was taken for consent by its heading alone is asked anew."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

SPEAKS = "ยอม อนุญาต สมัครใจ เปิดเผย สงวนสิทธิ์ ประสงค์ ปฏิเสธ คัดค้าน ถอน ตกลง pdpa consent agree permi refus".split()


def ask_anew(apps: Any, schema_editor: Any) -> None:
    guessed = Q(field__startswith="consent")
    for word in SPEAKS:
        guessed |= Q(heading__icontains=word)
    apps.get_model("people", "ColumnMapping").objects.filter(guessed, kind="people").delete()
    apps.get_model("people", "ImportBatch").objects.filter(kind="people", status="waiting").update(mapping={})


class Migration(migrations.Migration):
    dependencies = [("people", "0019_notices_of_work")]
    operations = [
        migrations.AddField(
            model_name="importbatch", name="law",
            field=models.CharField(
                blank=True, max_length=10,
                choices=[
                    ("s24_4", "Public task (PDPA s.24(4))"),
                    ("s26_5", "Health or social protection by law (PDPA s.26(5))"),
                ],
            ),
            preserve_default=True,
        ),
        migrations.AddField(model_name="importbatch", name="lawful", field=models.PositiveIntegerField(default=0)),
        migrations.RunPython(ask_anew, migrations.RunPython.noop, elidable=True),
    ]  # fmt: skip
