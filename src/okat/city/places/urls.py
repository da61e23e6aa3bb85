from django.urls import path

from okat.city.places import views

app_name = "places"
urlpatterns = [
    path("layer/<slug:level>.geojson", views.layer, name="layer"),
    path("suggest/", views.suggest, name="suggest"),
]
