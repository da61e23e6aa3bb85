from django.urls import path

from okat.city.people.views import imports

app_name = "people"
urlpatterns = [
    path("import/<slug:kind>/", imports.start, name="import"),
    path("import/<slug:kind>/template.xlsx", imports.template, name="import-template"),
    path("import/file/<uuid:pk>/", imports.batch, name="import-batch"),
    path("import/file/<uuid:pk>/columns/", imports.columns, name="import-columns"),
    path("import/file/<uuid:pk>/run/", imports.run, name="import-run"),
    path("import/file/<uuid:pk>/drop/", imports.drop, name="import-drop"),
    path("import/file/<uuid:pk>/undo/", imports.undo, name="import-undo"),
    path("import/file/<uuid:pk>/errors.csv", imports.errors, name="import-errors"),
    path("import/file/<uuid:pk>/mend.xlsx", imports.mend, name="import-mend"),
]
