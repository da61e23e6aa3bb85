"""Every address of the site, found by walking the resolver, so that none can be forgotten."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from okat.city.core import access
from okat.city.core.access import Access


@dataclass(frozen=True)
class Address:
    """`name` with its app, as `reverse` takes it; `arguments` are the names of its parts."""

    name: str
    route: str
    view: Callable[..., Any]
    arguments: tuple[str, ...]

    @property
    def mark(self) -> Access | None:
        return access.of(self.view)


def addresses(urlconf: str | None = None) -> list[Address]:
    """In the order of the resolver; an app that is installed joins by itself."""
    return list(_walk(get_resolver(urlconf).url_patterns, "", ""))


def undeclared(found: list[Address]) -> list[str]:
    return [f"{a.name or '(no name)'}: {a.route}" for a in found if a.mark is None]


def _walk(patterns: list[URLPattern | URLResolver], space: str, route: str) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner, here)
        else:
            arguments = tuple(sorted(pattern.pattern.converters))
            yield Address(f"{space}{pattern.name or ''}", here, pattern.callback, arguments)
