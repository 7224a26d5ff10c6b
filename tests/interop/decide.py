"""Decides the decision vectors with stock biscuit-python and the documented facts, verdict for verdict."""

import json
from collections import Counter
from datetime import timedelta

from bailiwick_facts import POLICY, facts
from biscuit_auth import Algorithm, AuthorizationError, AuthorizerBuilder, Biscuit, Check, Policy, PublicKey

import vectors

SUPPLIED = (
    "operation effect resource service time args attrs depth approved_by seen tainted possession spent".split()
)


def known(vector, index):
    """What is known beside the action with this index."""
    approved = [line.split(" ") for line in vector.all("approved")]
    pending = {}
    for line in vector.all("pending"):
        at, budget, amount = line.split(" ")
        if int(at) == index:
            pending[budget] = int(amount)
    spent = []
    for line in vector.all("spent"):
        budget, kind, window, amount = line.split(" ")
        spent.append((budget, kind, int(window), int(amount) + pending.get(budget, 0)))
    return {
        "now": vector.now(),
        "approved_by": [vectors.key(key) for at, *keys in approved if int(at) == index for key in keys],
        "seen": json.loads(vector.get("seen")),
        "tainted": vector.get("tainted") == "true",
        "possession": vector.get("possession"),
        "spent": spent,
    }


def ask(vector, token, supplied):
    """What stock says: allow, deny, or that an expression failed."""
    builder = AuthorizerBuilder()
    limits = builder.limits()
    limits.max_time = timedelta(seconds=10)
    builder.set_limits(limits)
    for fact in supplied:
        builder.add_fact(fact)
    for text in vector.all("ceiling-check") + vector.all("house-check"):
        builder.add_check(Check(text.removesuffix(";")))
    builder.add_policy(Policy(POLICY))
    try:
        builder.build(token).authorize()
        return "allow"
    except AuthorizationError as error:
        # Checks that fail are listed; anything else is an error of the engine.
        return "deny" if "checks failed" in str(error) else f"error: {error}"


def decide(vector, token):
    for index, line in enumerate(vector.all("action")):
        said = ask(vector, token, facts(token, **vectors.action(line), **known(vector, index)))
        if said != "allow":
            return said
    return "allow"


def asked_for(token):
    """The predicates that some check asks for in every one of its queries."""
    found = set()
    for block in range(token.block_count()):
        for line in token.block_source(block).split("\n"):
            queries = line.removeprefix("check if ").split(" or ")
            if line.startswith("check if "):
                asked = [{p for p in SUPPLIED if q.startswith(f"{p}(") or f", {p}(" in q} for q in queries]
                found |= set.intersection(*asked)
    return found


def check():
    verdicts, left_out, wrong = Counter(), Counter(), []
    for vector in vectors.read("decision"):
        root = PublicKey.from_bytes(vectors.key(vector.get("root-key")), Algorithm.Ed25519)
        token = Biscuit.from_base64(vector.get("sealed"), root)
        said, expected = decide(vector, token), vector.get("expect")
        verdicts[expected] += 1
        if said != expected:
            wrong.append(f"{vector.name}: expected {expected}, biscuit-python says {said}")
        if expected == "allow" and len(vector.all("action")) == 1:
            supplied = facts(token, **vectors.action(vector.get("action")), **known(vector, 0))
            for name in asked_for(token):
                rest = [fact for fact in supplied if fact.name != name]
                left_out[name] += 1
                said = ask(vector, token, rest)
                if said != "deny":
                    wrong.append(f"{vector.name} without `{name}`: biscuit-python says {said}")
    print(f"decisions: {verdicts.total()} vectors, {verdicts['allow']} allow, {verdicts['deny']} deny; same verdicts: "
          f"{verdicts.total() - len(wrong)}")
    print(f"facts left out: {left_out.total()} times, " + ", ".join(f"{name} {left_out[name]}" for name in SUPPLIED))
    missing = [name for name in SUPPLIED if not left_out[name]]
    return wrong + [f"`{name}` was never left out" for name in missing]
