from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_notice_over")]
    operations = [
        migrations.AddField("notice", "record", models.UUIDField(blank=True, null=True)),
        migrations.AddIndex(
            "notice",
            models.Index(condition=models.Q(("record", None), _negated=True), fields=["record"], name="notice_of_record"),
        ),
    ]
