"""Ids, days and keys as Proto/README.md describes them."""

import datetime
import hashlib
import pathlib
import re

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def derived(parent, purpose, place=0):
    """Sixteen bytes that follow from sixteen others."""
    return hashlib.sha256(parent + purpose.encode() + place.to_bytes(4, "big")).digest()[:16]


def household_of(command_id):
    return derived(command_id, "household")


def person_of(command_id, place):
    return derived(command_id, "person", place)


def event_of(append_id, place):
    """The id of an event by its place, from 0, in its append."""
    return append_id if place == 0 else hashlib.sha256(append_id + place.to_bytes(8, "big")).digest()[:16]


def written(sixteen):
    """An id in its 26 characters."""
    number = int.from_bytes(sixteen, "big")
    return "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def day(text):
    """Days since 1970-01-01 of a day written as 2014-07-16."""
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


def key(text_or_file, which):
    """A key of 40 characters as given, or from a certificate file; `which` is "public" or "secret"."""
    path = pathlib.Path(text_or_file)
    try:
        content = path.read_text() if path.is_file() else None
    except OSError:
        content = None
    if content is None:
        if len(text_or_file) == 40:
            return text_or_file.encode()
        raise ValueError(f"既不是密钥也不是文件 / neither a key of 40 characters nor a file: {which}")
    found = re.search(rf'^\s*{which}-key\s*=\s*"([^"]{{40}})"', content, re.MULTILINE)
    if found is None:
        raise ValueError(f"{path}: 没有 {which}-key / no {which}-key in the file")
    return found.group(1).encode()
