"""Nothing that names few people stays published: exact cut-offs go, and the public bundles that held them."""

from django.db import migrations, models


def withdraw(apps, _schema):
    apps.get_model("rounds", "Cutoff").objects.all().delete()
    apps.get_model("rounds", "Decision").objects.update(public=None, public_digest="")


class Migration(migrations.Migration):
    dependencies = [("rounds", "0003_cancelled")]

    operations = [
        migrations.AlterField("decision", "public", models.BinaryField(blank=True, null=True)),
        migrations.AlterField("decision", "public_digest", models.CharField(blank=True, max_length=64)),
        migrations.AddField("decision", "root", models.CharField(blank=True, max_length=64, default=""), False),
        migrations.AddField("decision", "shown", models.JSONField(blank=True, null=True)),
        migrations.AddField("decision", "numbers_sealed", models.BinaryField(blank=True, null=True)),
        migrations.RunPython(withdraw, migrations.RunPython.noop),
        migrations.RemoveField("cutoff", "priority"),
        migrations.RemoveField("cutoff", "lottery"),
        migrations.RemoveField("cutoff", "full"),
        migrations.RemoveField("cutoff", "held"),
        migrations.RemoveField("cutoff", "applied"),
        migrations.AddField("cutoff", "seats", models.PositiveIntegerField(default=0), False),
        migrations.AddField("cutoff", "low", models.IntegerField(blank=True, null=True)),
        migrations.AddField("cutoff", "below", models.IntegerField(blank=True, null=True)),
    ]
