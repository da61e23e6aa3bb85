from django.urls import path

from okat.city.catalogue.views import manage, public, rule

app_name = "catalogue"
urlpatterns = [
    path("", public.listing, name="search"),
    path("points.geojson", public.points, name="points"),
    path("feed.atom", public.feed, name="feed"),
    path("calendar/", public.calendar, name="calendar"),
    path("kinds/", public.doors, name="kinds"),
    path("wisdom/", public.wisdom, name="wisdom"),
    path("manage/", manage.listing, name="manage"),
    path("manage/new/", manage.new, name="new"),
    path("manage/<uuid:pk>/", manage.edit, name="edit"),
    path("manage/<uuid:pk>/rule/", rule.page, name="rule"),
    path("manage/<uuid:pk>/publish/", manage.publish, name="publish"),
    path("manage/<uuid:pk>/close/", manage.close, name="close"),
    path("manage/<uuid:pk>/cancel/", manage.cancel, name="cancel"),
    path("<uuid:pk>/", public.opened, name="open"),
    path("<uuid:pk>/calendar.ics", public.calendar_file, name="ics"),
]
