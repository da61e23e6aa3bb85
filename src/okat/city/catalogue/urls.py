from django.urls import path

from okat.city.catalogue.views import public

app_name = "catalogue"
urlpatterns = [
    path("", public.listing, name="search"),
    path("points.geojson", public.points, name="points"),
    path("feed.atom", public.feed, name="feed"),
    path("calendar/", public.calendar, name="calendar"),
    path("kinds/", public.doors, name="kinds"),
    path("wisdom/", public.wisdom, name="wisdom"),
    path("<uuid:pk>/", public.opened, name="open"),
    path("<uuid:pk>/calendar.ics", public.calendar_file, name="ics"),
]
