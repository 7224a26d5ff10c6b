"""The facts under which a stock Biscuit library decides a sealed bailiwick token.

A service that verifies with ``biscuit-python`` supplies exactly one fact of each predicate below, and one
``spent`` a budget, for every action of a call. What it leaves out denies. It must also do what no check can
express: revocation, single use, approvals and spending themselves. See ``docs/format.md``.

>>> from biscuit_auth import AuthorizerBuilder, Biscuit, PublicKey, Algorithm
>>> token = Biscuit.from_base64(sealed, PublicKey.from_bytes(root_key, Algorithm.Ed25519))  # doctest: +SKIP
>>> builder = authorizer(token, operation="mail.send", effect="send", resource=["outbox"],
...                      service="mail.example", now=now, args={"to": ["ann"]})             # doctest: +SKIP
>>> builder.build(token).authorize()                                                       # doctest: +SKIP

Values: ``None``, ``bool``, ``int`` (64 bits), ``str``, ``bytes``, ``list``, ``dict`` with ``str`` keys,
:class:`Decimal` and :class:`Number`. A ``float`` is refused: say which of the two it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from biscuit_auth import AuthorizerBuilder, Fact, Policy

__all__ = ["Decimal", "Number", "authorizer", "fact", "facts"]

POLICY = "allow if bailiwick(1)"


@dataclass(frozen=True)
class Decimal:
    """``units`` / 10 ** ``scale``: 98.70 is ``Decimal(2, 9870)``."""

    scale: int
    units: int


@dataclass(frozen=True)
class Number:
    """A JSON number that is no 64-bit integer, as its canonical text (``docs/format/digests.md``)."""

    text: str


class _Template:
    """Datalog text of brackets, null, booleans and integers; every text, bytes value and key is a parameter.

    Text that a caller chose never becomes part of the Datalog, and a Python list of small integers, which
    ``biscuit-python`` takes for bytes, is never handed over as a value.
    """

    def __init__(self):
        self.parameters = {}

    def parameter(self, value):
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return "{" + name + "}"

    def term(self, value):
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            if not -(2**63) <= value < 2**63:
                raise ValueError("an integer of more than 64 bits is a Number")
            return str(value)
        if isinstance(value, (str, bytes)):
            return self.parameter(value)
        if isinstance(value, Decimal):
            return f"{{{int(value.scale)}: {int(value.units)}}}"
        if isinstance(value, Number):
            return f"{{-1: {self.parameter(value.text)}}}"
        if isinstance(value, (list, tuple)):
            return "[" + ", ".join(self.term(element) for element in value) + "]"
        if isinstance(value, dict):
            if not value:
                # Datalog text has no empty map.
                return self.parameter({})
            if not all(isinstance(key, str) for key in value):
                raise TypeError("the keys of an object are texts")
            return "{" + ", ".join(f"{self.parameter(key)}: {self.term(inner)}" for key, inner in value.items()) + "}"
        if isinstance(value, (set, frozenset)):
            # The space keeps a set of one parameter from being read as a parameter.
            return "{ " + ", ".join(self.term(element) for element in sorted(value)) + "}" if value else "{,}"
        if isinstance(value, datetime):
            return self.parameter(value)
        raise TypeError(f"no value of type {type(value).__name__} in a fact")


def fact(name, *terms):
    """One fact, whatever its values hold."""
    template = _Template()
    text = ", ".join(template.term(term) for term in terms)
    return Fact(f"{name}({text})", template.parameters)


def facts(
    token,
    *,
    operation,
    effect,
    resource,
    service,
    now,
    args=None,
    attrs=None,
    approved_by=(),
    seen=None,
    tainted=True,
    possession="session",
    spent=(),
):
    """The facts for one action. What is not said is the strictest.

    ``now`` is an aware ``datetime``; ``approved_by`` holds 32-byte keys whose approval of exactly this action
    was verified; ``seen`` has a list of texts for each label; ``spent`` has ``(id, kind, window_s, n)`` for
    every budget, where ``n`` includes what earlier actions of the same call spend.
    """
    if now.tzinfo is None:
        raise ValueError("the time needs a time zone")
    if isinstance(resource, str):
        raise TypeError("a resource is a list of segments")
    depth = token.block_count() - 1
    seconds = int((now - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(seconds=1))
    now = datetime.fromtimestamp(seconds, timezone.utc)
    supplied = [
        fact("operation", operation),
        fact("effect", effect),
        fact("resource", list(resource)),
        fact("service", service),
        fact("time", now),
        fact("args", args or {}),
        fact("attrs", attrs or {}),
        fact("depth", depth),
        fact("approved_by", frozenset(bytes(key) for key in approved_by)),
        fact("seen", {label: list(values) for label, values in (seen or {}).items()}),
        fact("tainted", tainted),
        fact("possession", possession),
    ]
    supplied += [fact("spent", *one) for one in spent]
    return supplied


def authorizer(token, *, time_limit=timedelta(seconds=1), **known):
    """An authorizer for one action, with the policy of format 1. Takes what :func:`facts` takes.

    The stock limit is 1 ms of wall time, which a busy host passes now and then: that denies.
    """
    builder = AuthorizerBuilder()
    for one in facts(token, **known):
        builder.add_fact(one)
    builder.add_policy(Policy(POLICY))
    limits = builder.limits()
    limits.max_time = time_limit
    builder.set_limits(limits)
    return builder
