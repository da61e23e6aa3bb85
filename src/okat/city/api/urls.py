from django.urls import path

from okat.city.api import hsds, opendata

app_name = "api"
urlpatterns = [
    path("", opendata.page, name="open-data"),
    path("hsds/", hsds.about, name="hsds"),
    path("hsds/openapi.json", hsds.document, name="hsds-openapi"),
    path("hsds/services", hsds.services, name="hsds-services"),
    path("hsds/services/<uuid:pk>", hsds.service, name="hsds-service"),
    path("hsds/organizations", hsds.organizations, name="hsds-organizations"),
    path("hsds/organizations/<uuid:pk>", hsds.organization, name="hsds-organization"),
    path("hsds/locations", hsds.locations, name="hsds-locations"),
    path("hsds/locations/<uuid:pk>", hsds.location, name="hsds-location"),
    path("hsds/service_at_locations", hsds.services_at_locations, name="hsds-services-at-locations"),
    path("hsds/service_at_locations/<uuid:pk>", hsds.service_at_location, name="hsds-service-at-location"),
    path("hsds/taxonomies", hsds.taxonomies, name="hsds-taxonomies"),
    path("hsds/taxonomies/<uuid:pk>", hsds.taxonomy, name="hsds-taxonomy"),
    path("hsds/taxonomy_terms", hsds.taxonomy_terms, name="hsds-taxonomy-terms"),
    path("hsds/taxonomy_terms/<uuid:pk>", hsds.taxonomy_term, name="hsds-taxonomy-term"),
]
