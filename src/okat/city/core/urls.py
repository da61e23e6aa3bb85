from django.conf import settings
from django.urls import path

from okat.city.core import offline, pages, style

app_name = "core"
urlpatterns = [
    path("language/", pages.set_language, name="language"),
    path("text-size/", pages.set_text_size, name="text-size"),
    path("health/", pages.health, name="health"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.worker, name="worker"),
    path("offline/", offline.offline, name="offline"),
]
if settings.DEBUG or settings.DEMO:
    urlpatterns += [
        path("style/", style.page, name="style"),
        path("style/areas.geojson", style.areas, name="style-areas"),
    ]
