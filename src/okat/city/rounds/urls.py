from django.urls import path

from okat.city.rounds.views import appeals, apply, compare, leaving, manage, offers, planning, public, resident, slips

app_name = "rounds"
urlpatterns = [
    path("", public.index, name="index"),
    path("mine/", resident.mine, name="mine"),
    path("offers/", offers.offers, name="offers"),
    path("manage/", manage.listing, name="list"),
    path("manage/new/", planning.create, name="new"),
    path("manage/<uuid:pk>/", manage.page, name="manage"),
    path("manage/<uuid:pk>/edit/", planning.edit, name="edit"),
    path("manage/<uuid:pk>/rules/", planning.rules, name="rules"),
    path("manage/<uuid:pk>/places/", planning.places, name="places"),
    path("manage/<uuid:pk>/compare/", compare.compare, name="compare"),
    path("manage/<uuid:pk>/step/", manage.take_step, name="step"),
    path("manage/<uuid:pk>/draw/", manage.draw, name="draw"),
    path("manage/<uuid:pk>/shares.csv", manage.shares_csv, name="shares-csv"),
    path("appeals/", appeals.queue, name="appeals"),
    path("appeals/<uuid:pk>/", appeals.answer, name="appeal-answer"),
    path("why/<uuid:pk>/", resident.why, name="why"),
    path("why/<uuid:pk>/answer/", resident.answer, name="answer"),
    path("why/<uuid:pk>/appeal/", resident.ask_review, name="appeal"),
    path("why/<uuid:pk>/withdraw/", leaving.withdraw, name="withdraw"),
    path("why/<uuid:pk>/row.json", resident.row, name="row"),
    path("why/<uuid:pk>/row-published.json", resident.row, {"published": True}, name="row-published"),
    path("why/<uuid:pk>/slip/", slips.slip, name="slip"),
    path("opened/", slips.opened, name="opened"),
    path("opened/row.json", slips.opened_row, name="opened-row"),
    path("opened/row-published.json", slips.opened_row, {"published": True}, name="opened-row-published"),
    path("<uuid:pk>/", public.show, name="public"),
    path("<uuid:pk>/apply/", apply.apply, name="apply"),
    path("<uuid:pk>/cutoffs.csv", public.cutoffs_csv, name="cutoffs-csv"),
    path("<uuid:pk>/bundle.zip", public.bundle, name="bundle"),
    path("<uuid:pk>/audit.zip", public.audit_bundle, name="audit-bundle"),
]
