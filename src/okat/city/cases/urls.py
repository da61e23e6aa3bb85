from django.urls import path

from okat.city.cases.views import case, own, queue, refer

app_name = "cases"
urlpatterns = [
    path("", queue.listing, name="queue"),
    path("refer/", refer.refer, name="refer"),
    path("mine/", own.mine, name="mine"),
    path("mine/<uuid:pk>/", own.opened, name="own"),
    path("mine/<uuid:pk>/<slug:verb>/", own.answer, name="answer"),
    path("goals/<uuid:pk>/<slug:status>/", case.end_goal, name="goal-end"),
    path("<uuid:pk>/", case.opened, name="case"),
    path("<uuid:pk>/sheet/", case.sheet, name="sheet"),
    path("<uuid:pk>/goals/", case.add_goal, name="goal-add"),
    path("<uuid:pk>/<slug:verb>/", case.act, name="act"),
]
