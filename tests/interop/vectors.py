"""Reads the files of tests/vectors."""

import json
from datetime import datetime
from pathlib import Path

from bailiwick_facts import Decimal, Number

FOLDER = Path(__file__).resolve().parent.parent / "vectors"


class Vector:
    def __init__(self, path):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        self.name = f"{path.parent.name}/{path.stem}"
        self.headers = [tuple(line.split(": ", 1)) for line in head.split("\n")]
        self.body = body.removesuffix("\n")

    def all(self, header):
        return [value for name, value in self.headers if name == header]

    def get(self, header):
        (value,) = self.all(header)
        return value

    def now(self):
        return datetime.fromisoformat(self.get("now").replace("Z", "+00:00"))


def read(kind):
    return [Vector(path) for path in sorted((FOLDER / kind).glob("*.txt"))]


def key(text):
    return bytes.fromhex(text.removeprefix("ed25519/"))


def value(inside):
    """What stands in a vector's JSON, as bailiwick_facts takes it."""
    if isinstance(inside, list):
        return [value(element) for element in inside]
    if not isinstance(inside, dict):
        return inside
    match list(inside.items()):
        case [("$int", text)]:
            return int(text)
        case [("$bytes", text)]:
            return bytes.fromhex(text)
        case [("$number", text)]:
            return Number(canonical(text))
        case [("$decimal", [scale, units])]:
            return Decimal(scale, int(units))
    return {name: value(member) for name, member in inside.items()}


def canonical(text):
    """The vectors write no number whose canonical text needs more than this."""
    return text.rstrip("0") if "." in text else text


def action(line):
    asked = json.loads(line)
    return {
        "operation": asked["operation"],
        "effect": asked["effect"],
        "resource": asked["resource"],
        "service": asked["service"],
        "args": value(asked["arguments"]),
        "attrs": value(asked["attributes"]),
    }
