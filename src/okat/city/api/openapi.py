"""The description of the API that programs read (OpenAPI 3.1), made from the shapes and the parameters."""

from typing import Any

from okat.city.api import ask, shapes
from okat.city.api.shapes import ref

PAGE = {
    "total_items": "integer", "total_pages": "integer", "page_number": "integer", "size": "integer",
    "first_page": "boolean", "last_page": "boolean", "empty": "boolean",
}  # fmt: skip
WORDS = {
    "search": "Words that stand in it; Thai needs no spaces.",
    "page": "Number of the page, from 1.",
    "per_page": "Objects on a page.",
    "format": "`ndjson`: every object on a line of its own, without pages.",
    "minimal": "Only `id` and `last_modified`.",
    "full": "With everything that hangs on each object.",
    "modified_after": "Changed at that moment or later.",
    "taxonomy_term_id": "Services that carry this term.",
    "taxonomy_id": "What carries, or belongs to, this taxonomy.",
    "organization_id": "Of this organization.",
    "postcode": "In the sub-districts of this Thai postcode.",
    "proximity": "Metres around the middle of `postcode`, in place of its area.",
    "top_only": "Only terms without a parent.",
    "parent_id": "Only terms right below this one.",
}
LISTS = (
    ("services", shapes.Service, ask.SERVICES),
    ("organizations", shapes.Organization, ask.ORGANIZATIONS),
    ("locations", shapes.Location, ask.LOCATIONS),
    ("service_at_locations", shapes.ServiceHere, ask.PLACED),
    ("taxonomies", shapes.Taxonomy, ask.PAGES),
    ("taxonomy_terms", shapes.TaxonomyTerm, ask.TERMS),
)


def openapi(version: str, server: str) -> dict[str, Any]:
    """`server` is the address of the API without a slash at its end."""
    paths: dict[str, Any] = {"/": {"get": _operation("about", "What speaks here", {"type": "object"})}}
    for name, shape, parameters in LISTS:
        paths[f"/{name}"] = {"get": _list(name, shape, parameters)}
        paths[f"/{name}/{{id}}"] = {"get": _detail(name, shape)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Okat: Open Referral HSDS", "version": version},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": {shape.__name__: shapes.schema(shape) for shape in shapes.NAMED} | {"Error": _ERROR},
        },
    }


_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["th", "en", "parameter"],
            "properties": {name: {"type": "string"} for name in ("th", "en", "parameter")},
        }
    },
}


def _list(name: str, shape: type, parameters: tuple[str, ...]) -> dict[str, Any]:
    item = {"anyOf": [ref(shape), ref(shapes.ServiceInList)]} if "minimal" in parameters else ref(shape)
    page = {
        "type": "object",
        "required": [*PAGE, "contents"],
        "properties": {field: {"type": kind} for field, kind in PAGE.items()}
        | {"contents": {"type": "array", "items": item}},
    }
    found = _operation(f"list_{name}", f"Pages of {name}", page)
    found["parameters"] = [
        {"name": each, "in": "query", "required": False, "description": WORDS[each], "schema": ask.SCHEMAS[each]}
        for each in parameters
    ]
    found["responses"]["200"]["content"]["application/x-ndjson"] = {}
    found["responses"]["400"] = _answer("A parameter cannot be read", ref_error())
    return found


def _detail(name: str, shape: type) -> dict[str, Any]:
    found = _operation(f"get_{name}", f"One of {name}", ref(shape))
    own = {"type": "string", "format": "uuid"}
    found["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": own}]
    found["responses"]["404"] = _answer("There is no such object", ref_error())
    return found


def _operation(name: str, summary: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {"operationId": name, "summary": summary, "responses": {"200": _answer("As asked", answer)}}


def _answer(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def ref_error() -> dict[str, str]:
    return {"$ref": "#/components/schemas/Error"}
