from django.urls import path

from okat.city.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.listing, name="list"),
    path("read/", views.read_all, name="read-all"),
    path("preference/", views.preference, name="preference"),
    path("letters/", views.letters, name="letters"),
    path("<int:pk>/", views.follow, name="follow"),
]
