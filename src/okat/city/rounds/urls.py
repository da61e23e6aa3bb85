from django.urls import path

from okat.city.rounds.views import public, resident

app_name = "rounds"
urlpatterns = [
    path("", public.index, name="index"),
    path("mine/", resident.mine, name="mine"),
    path("why/<uuid:pk>/", resident.why, name="why"),
    path("why/<uuid:pk>/answer/", resident.answer, name="answer"),
    path("why/<uuid:pk>/appeal/", resident.ask_review, name="appeal"),
    path("why/<uuid:pk>/row.json", resident.row, name="row"),
    path("<uuid:pk>/", public.show, name="public"),
    path("<uuid:pk>/bundle.zip", public.bundle, name="bundle"),
    path("<uuid:pk>/audit.zip", public.audit_bundle, name="audit-bundle"),
]
