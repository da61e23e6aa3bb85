from django.urls import path

from okat.city.desk.views import audit, figures, first

app_name = "desk"
urlpatterns = [
    path("", first.home, name="home"),
    path("today/", first.today_page, name="today"),
    path("search/", first.search, name="search"),
    path("pulse/", figures.pulse_page, name="pulse"),
    path("gaps/", figures.gaps, name="gaps"),
    path("gaps/<slug:name>.csv", figures.gaps_csv, name="gaps-csv"),
    path("audit/", audit.trail, name="audit"),
]
