"""The tables of HSDS 3.0 (Open Referral, schema/*.json), written short: `!` a value is required, `>table` it is the id
of a row there, `:type` what it must look like (text where nothing stands), `a|b` one of these.

A test compares every line with the published schemas.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SPEC = """
organizations organization
  id! name! alternate_name description! email:email website:uri tax_status tax_id year_incorporated:number legal_status
  logo uri:uri parent_organization_id>organizations
programs program
  id! organization_id!>organizations name! alternate_name description!
services service
  id! organization_id!>organizations program_id>programs name! alternate_name description url:uri email:email
  status!:active|inactive|defunct|temporarily_closed interpretation_services application_process fees_description
  wait_time fees accreditations eligibility_description minimum_age:number maximum_age:number assured_date:date
  assurer_email:email licenses alert last_modified:moment
service_at_location service_at_location
  id! service_id!>services location_id!>locations description
locations location
  id! location_type!:physical|postal|virtual url:uri organization_id>organizations name alternate_name description
  transportation latitude:latitude longitude:longitude external_identifier external_identifier_type
addresses address
  id! location_id>locations attention address_1! address_2 city! region state_province! postal_code! country!
  address_type!:physical|postal|virtual
phones phone
  id! location_id>locations service_id>services organization_id>organizations contact_id>contacts
  service_at_location_id>service_at_location number! extension:number type description
contacts contact
  id! organization_id>organizations service_id>services service_at_location_id>service_at_location
  location_id>locations name title department email:email
schedules schedule
  id! service_id>services location_id>locations service_at_location_id>service_at_location valid_from:date
  valid_to:date dtstart:date timezone:offset until:date count:number wkst:MO|TU|WE|TH|FR|SA|SU freq:WEEKLY|MONTHLY
  interval:number byday byweekno bymonthday byyearday description opens_at:time closes_at:time schedule_link:uri
  attending_type notes
funding funding
  id! organization_id>organizations service_id>services source
service_areas service_area
  id! service_id>services name description extent extent_type uri
required_documents required_document
  id! service_id>services document uri:uri
languages language
  id! service_id>services location_id>locations phone_id>phones name code note
accessibility accessibility
  id! location_id>locations description details url:uri
attributes attribute
  id! link_id! taxonomy_term_id!>taxonomy_terms link_type link_entity! value
taxonomies taxonomy
  id! name! description! uri:uri version
taxonomy_terms taxonomy_term
  id! code name! description! parent_id>taxonomy_terms taxonomy language taxonomy_id>taxonomies term_uri:uri
cost_options cost_option
  id! service_id!>services valid_from:date valid_to:date option currency amount:number amount_description
organization_identifiers organization_identifier
  id! organization_id!>organizations identifier_scheme identifier_type! identifier!
metadata metadata
  id! resource_id! resource_type! last_action_date!:date last_action_type! field_name! previous_value!
  replacement_value! updated_by!
meta_table_descriptions meta_table_description
  id! name language character_set
"""
_COLUMN = re.compile(r"(\w+)(!?)(?:>(\w+))?(?::(\S+))?")


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: text, number, date, time, moment, email, uri, latitude, longitude, offset or enum."""

    name: str
    required: bool
    refers: str
    kind: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`entity` is the name of one object; `columns` by name."""

    name: str
    entity: str
    columns: Mapping[str, Column]


def _column(text: str) -> Column:
    match = _COLUMN.fullmatch(text)
    assert match
    name, required, refers, kind = match.groups(default="")
    allowed = tuple(word.replace("_", " ") for word in kind.split("|")) if "|" in kind else ()
    return Column(name, bool(required), refers, "enum" if allowed else kind or "text", allowed)


def _tables() -> dict[str, Table]:
    found: dict[str, Table] = {}
    head: list[str] = []
    for line in _SPEC.strip().splitlines():
        if not line.startswith(" "):
            head = line.split()
            found[head[0]] = Table(head[0], head[1], {})
            continue
        columns = [_column(word) for word in line.split()]
        name, entity = head
        found[name] = Table(name, entity, {**found[name].columns, **{each.name: each for each in columns}})
    return found


TABLES = _tables()
ENTITIES = {table.entity: table for table in TABLES.values()}
