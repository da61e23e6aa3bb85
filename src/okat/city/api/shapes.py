"""What HSDS 3.0 objects look like here: the fields that we fill. From these the OpenAPI document is made.

Source: Open Referral HSDS 3.0, schema/*.json; each object is checked against those files in the tests.
"""

from typing import Annotated, Any, Literal, NotRequired, TypedDict, get_args, get_origin, get_type_hints

Id = Annotated[str, "uuid"]
Uri = Annotated[str, "uri"]
Email = Annotated[str, "email"]
Moment = Annotated[str, "date-time"]


class Taxonomy(TypedDict):
    id: Id
    name: str
    description: str
    version: NotRequired[str]


class TaxonomyTerm(TypedDict):
    id: Id
    code: str
    name: str
    description: str
    parent_id: NotRequired[Id]
    taxonomy: str
    taxonomy_id: Id
    language: str


class Attribute(TypedDict):
    id: Id
    link_id: Id
    link_entity: str
    taxonomy_term_id: Id
    taxonomy_term: TaxonomyTerm
    value: NotRequired[str]


class Address(TypedDict):
    id: Id
    location_id: Id
    address_1: str
    city: str
    region: NotRequired[str]
    state_province: str
    postal_code: str
    country: str
    address_type: Literal["physical", "postal", "virtual"]


class Phone(TypedDict):
    id: Id
    number: str


class Accessibility(TypedDict):
    id: Id
    location_id: Id
    description: str
    details: str


class Schedule(TypedDict):
    id: Id
    service_id: NotRequired[Id]
    location_id: NotRequired[Id]
    valid_from: NotRequired[str]
    valid_to: NotRequired[str]
    dtstart: NotRequired[str]
    timezone: float
    count: NotRequired[float]
    freq: NotRequired[Literal["WEEKLY", "MONTHLY"]]
    interval: NotRequired[float]
    byday: NotRequired[str]
    opens_at: NotRequired[str]
    closes_at: NotRequired[str]
    description: NotRequired[str]


class Location(TypedDict):
    id: Id
    location_type: Literal["physical", "postal", "virtual"]
    organization_id: Id
    name: NotRequired[str]
    alternate_name: NotRequired[str]
    latitude: NotRequired[float]
    longitude: NotRequired[float]
    addresses: NotRequired[list[Address]]
    accessibility: NotRequired[list[Accessibility]]
    phones: NotRequired[list[Phone]]
    schedules: NotRequired[list[Schedule]]


class Organization(TypedDict):
    id: Id
    name: str
    alternate_name: NotRequired[str]
    description: str
    email: NotRequired[Email]
    website: NotRequired[Uri]
    uri: NotRequired[Uri]
    phones: NotRequired[list[Phone]]
    locations: NotRequired[list[Location]]


class CostOption(TypedDict):
    id: Id
    service_id: Id
    option: str
    currency: str
    amount: float


class Funding(TypedDict):
    id: Id
    service_id: Id
    source: str


class RequiredDocument(TypedDict):
    id: Id
    service_id: Id
    document: str


class ServiceArea(TypedDict):
    id: Id
    service_id: Id
    name: str


class ServiceAtLocation(TypedDict):
    id: Id
    service_id: Id
    location_id: Id
    location: NotRequired[Location]


class Service(TypedDict):
    id: Id
    organization_id: Id
    name: str
    alternate_name: NotRequired[str]
    description: str
    url: Uri
    status: Literal["active", "inactive", "defunct", "temporarily closed"]
    application_process: NotRequired[str]
    fees_description: str
    eligibility_description: str
    minimum_age: NotRequired[float]
    alert: NotRequired[str]
    last_modified: Moment
    organization: NotRequired[Organization]
    phones: NotRequired[list[Phone]]
    schedules: NotRequired[list[Schedule]]
    service_areas: NotRequired[list[ServiceArea]]
    service_at_locations: NotRequired[list[ServiceAtLocation]]
    funding: NotRequired[list[Funding]]
    cost_options: NotRequired[list[CostOption]]
    required_documents: NotRequired[list[RequiredDocument]]
    attributes: NotRequired[list[Attribute]]


class ServiceInList(TypedDict):
    """`minimal=true`: what a harvester compares with its copy."""

    id: Id
    last_modified: Moment


class ServiceHere(TypedDict):
    """A service_at_location that stands by itself, with its service beside it (HSDS 3.0, compiled list)."""

    id: Id
    service_id: Id
    location_id: Id
    service: Service
    location: NotRequired[Location]


NAMED = (
    Taxonomy, TaxonomyTerm, Attribute, Address, Phone, Accessibility, Schedule, Location, Organization, CostOption,
    Funding, RequiredDocument, ServiceArea, ServiceAtLocation, Service, ServiceInList, ServiceHere,
)  # fmt: skip


def made(shape: type, **values: Any) -> dict[str, Any]:
    """One object: what is empty is left out, unless HSDS wants it. Raises KeyError for what is missing or strange."""
    known, required = shape.__annotations__, shape.__dict__["__required_keys__"]
    if strange := (values.keys() - known.keys()) | (required - values.keys()):
        raise KeyError(f"{shape.__name__}: {sorted(strange)}")
    return {name: value for name, value in values.items() if name in required or value not in (None, "", [])}


def schema(shape: type) -> dict[str, Any]:
    """The JSON Schema of one shape."""
    hints = get_type_hints(shape, include_extras=True)
    return {
        "type": "object",
        "required": sorted(shape.__dict__["__required_keys__"]),
        "properties": {name: _kind(hint) for name, hint in hints.items()},
    }


def ref(shape: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _kind(hint: Any) -> dict[str, Any]:
    origin = get_origin(hint)
    if origin is NotRequired:
        return _kind(get_args(hint)[0])
    if origin is Annotated:
        return {"type": "string", "format": get_args(hint)[1]}
    if origin is Literal:
        return {"type": "string", "enum": list(get_args(hint))}
    if origin is list:
        return {"type": "array", "items": _kind(get_args(hint)[0])}
    return {str: {"type": "string"}, float: {"type": "number"}}.get(hint) or ref(hint)
