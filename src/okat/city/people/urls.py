from django.urls import path

from okat.city.people.views import care, change, find, imports, person, pin

app_name = "people"
urlpatterns = [
    path("", find.search, name="search"),
    path("pin/", pin.pin, name="pin"),
    path("pin/alike/", find.alike, name="alike"),
    path("<uuid:pk>/", person.person, name="person"),
    path("<uuid:pk>/change/", change.change, name="change"),
    path("<uuid:pk>/need/", care.need, name="need"),
    path("<uuid:pk>/visit/", care.visit, name="visit"),
    path("<uuid:pk>/consent/", care.consent, name="consent"),
    path("<uuid:pk>/consent/<uuid:consent>/withdraw/", care.withdraw, name="withdraw"),
    path("<uuid:pk>/questions/<slug:code>/", care.questions, name="questions"),
    path("<uuid:pk>/evidence/<uuid:evidence>/", person.evidence, name="evidence"),
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
