"""What a page with a consent on it says, and the mark by which its form tells which words it showed."""

import html
import re

from django.test import Client

TAG = re.compile(r"<[^>]+>")
MARK = re.compile(r'name="words" value="([^"]*)"')


def shown(page: str) -> str:
    """The text of a page as a reader sees it."""
    return html.unescape(TAG.sub("", page))


def words_of(page: str) -> dict[str, str]:
    """The field that goes back with the form; nothing where nothing is asked."""
    found = MARK.search(page)
    return {"words": html.unescape(found[1])} if found else {}


def words_on(client: Client, url: str) -> dict[str, str]:
    return words_of(client.get(url).content.decode())
