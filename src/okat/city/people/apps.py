from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "okat.city.people"
    label = "people"

    def ready(self) -> None:
        from okat.city.core import registries
        from okat.city.core.merging import Column, Repoint

        open_need = (("status", "open"),)
        registries.MERGE.register(
            "people",
            Repoint(
                (
                    Column("people.Need", unique=("term",), where=open_need),
                    Column("people.Consent", unique=("purpose", "recipient"), where=(("withdrawn_at", None),)),
                    Column("people.Grant", unique=("partner", "source"), where=(("ended_at", None),)),
                    Column("people.BreakGlass"),
                    Column("people.Visit"),
                    Column("people.Evidence"),
                    Column("people.Answers"),
                    Column("people.Score", unique=("questionnaire",), where=(("current", True),)),
                )
            ),
        )
