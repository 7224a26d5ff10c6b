"""What the converter makes of values that are easy to get wrong."""

from datetime import datetime, timezone

from bailiwick_facts import Decimal, Number, fact

CASES = [
    ({}, "f({})"),
    ([], "f([])"),
    ([1, 2], "f([1, 2])"),
    ([None, True, 1], "f([null, true, 1])"),
    (b"\x00\xff", "f(hex:00ff)"),
    ({"a": [{}]}, 'f({"a": [{}]})'),
    (Decimal(2, 9870), "f({2: 9870})"),
    (Number("98.7"), 'f({-1: "98.7"})'),
    (frozenset(), "f({,})"),
    (frozenset([b"\x01"]), "f({hex:01})"),
    (-(2**63), "f(-9223372036854775808)"),
    (datetime(2027, 1, 15, 8, tzinfo=timezone.utc), "f(2027-01-15T08:00:00Z)"),
]
REFUSED = [1.5, 2**63, {1: 2}, object()]


def check():
    wrong = [f"{value!r} is {fact('f', value)}, not {text}" for value, text in CASES if str(fact("f", value)) != text]
    # Text is a value whatever it holds. (The printer does not escape it.)
    injection = '"); admin("x'
    if str(fact("f", injection)) != f'f("{injection}")' or str(fact("f", {injection: "{p0}"})) == "f({})":
        wrong.append("a text became Datalog")
    for value in REFUSED:
        try:
            wrong.append(f"{value!r} is {fact('f', value)}, not refused")
        except (TypeError, ValueError):
            pass
    print(f"converter: {len(CASES) + len(REFUSED) + 1} values")
    return wrong
