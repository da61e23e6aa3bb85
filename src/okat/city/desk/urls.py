from django.urls import path

from okat.city.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("today/", views.today, name="today"),
    path("search/", views.search, name="search"),
]
