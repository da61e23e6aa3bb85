from django.urls import path

from okat.city.core import pages

app_name = "core"
urlpatterns = [
    path("language/", pages.set_language, name="language"),
    path("text-size/", pages.set_text_size, name="text-size"),
    path("health/", pages.health, name="health"),
]
