"""Which actions each address can call, read from the code of its view and of whatever that view goes through."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any


@cache
def called_by(view: Callable[..., Any]) -> frozenset[str]:
    """`app.action` of every action that the view, or a function of any `views` that it uses, names."""
    found: set[str] = set()
    seen: set[Any] = set()
    waiting: list[Any] = [inspect.unwrap(view)]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, FunctionType):
            if one.__module__.split(".")[3:4] == ["actions"]:
                found.add(f"{one.__module__.split('.')[2]}.{one.__name__}")
            elif ".views" in one.__module__:
                waiting += _used(one)
        elif isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, tuple | list):
            waiting += one
    return frozenset(found)


def _used(function: FunctionType) -> Iterator[Any]:
    """The functions and tables that a function names, those behind a module too."""
    names = _names(function.__code__)
    for name in names & function.__globals__.keys():
        thing = function.__globals__[name]
        if isinstance(thing, ModuleType) and (thing.__name__.endswith(".actions") or ".views" in thing.__name__):
            yield from (_bare(getattr(thing, each)) for each in names if hasattr(thing, each))
        else:
            yield _bare(thing)
    for cell in function.__closure__ or ():
        yield _bare(cell.cell_contents)


def _bare(thing: Any) -> Any:
    return inspect.unwrap(thing) if callable(thing) else thing


def _names(code: CodeType) -> set[str]:
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return {*code.co_names, *(name for each in inner for name in _names(each))}


def takes_posts(view: Callable[..., Any]) -> bool:
    """Whether something may be sent there: every view says which methods it takes."""
    while True:
        free = getattr(view, "__code__", None)
        cells = dict(zip(free.co_freevars, view.__closure__ or (), strict=False)) if free else {}
        if "request_method_list" in cells:
            return "POST" in cells["request_method_list"].cell_contents
        if not hasattr(view, "__wrapped__"):
            return True
        view = view.__wrapped__
