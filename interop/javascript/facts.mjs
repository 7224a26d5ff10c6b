// The facts under which a stock Biscuit library decides a sealed bailiwick token.
//
// A service that verifies with @biscuit-auth/biscuit-wasm (0.6, node: --experimental-wasm-modules) supplies
// exactly one fact of each predicate below, and one `spent` a budget, for every action of a call. What it
// leaves out denies. It must also do what no check can express: revocation, single use, approvals and spending
// themselves. See docs/format.md.
//
//     const token = Biscuit.fromBase64(sealed, PublicKey.fromString(rootHex, SignatureAlgorithm.Ed25519));
//     authorizer(token, { operation: "mail.send", effect: "send", resource: ["outbox"],
//                         service: "mail.example", now: new Date(), args: { to: ["ann"] } })
//       .buildAuthenticated(token).authorize(); // throws if denied
//
// Values: null, booleans, bigints, safe integers, strings, Uint8Array, arrays, plain objects, Decimal, NumberText.
// A number with a fraction is refused: say which of the last two it is.

import { AuthorizerBuilder, Fact, Policy } from "@biscuit-auth/biscuit-wasm";

export const POLICY = "allow if bailiwick(1)";

/** `units` / 10 ** `scale`: 98.70 is `new Decimal(2, 9870n)`. */
export class Decimal {
  constructor(scale, units) {
    this.scale = scale;
    this.units = BigInt(units);
  }
}

/** A JSON number that is no 64-bit integer, as its canonical text (docs/format/digests.md). */
export class NumberText {
  constructor(text) {
    this.text = text;
  }
}

/** One fact, whatever its values hold. */
export function fact(name, ...terms) {
  // Text of brackets, null, booleans and integers; every text, bytes value and key is a parameter, so that what
  // a caller chose never becomes part of the Datalog.
  const parameters = [];
  const parameter = (value) => `{p${parameters.push(value) - 1}}`;
  const made = Fact.fromString(`${name}(${terms.map((value) => term(value, parameter)).join(", ")})`);
  parameters.forEach((value, index) => made.set(`p${index}`, value));
  return made;
}

function term(value, parameter) {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return String(value);
    case "bigint":
      if (BigInt.asIntN(64, value) !== value) throw new RangeError("an integer of more than 64 bits is a NumberText");
      return String(value);
    case "number":
      if (!Number.isSafeInteger(value)) throw new RangeError("a number is a safe integer, a bigint, a Decimal or a NumberText");
      return String(value === 0 ? 0 : value);
    case "string":
      return parameter(value);
  }
  if (value instanceof Uint8Array) return parameter({ bytes: hex(value) });
  if (value instanceof Date) return parameter({ date: value.toISOString() });
  if (value instanceof Decimal) return `{${term(value.scale, parameter)}: ${term(value.units, parameter)}}`;
  if (value instanceof NumberText) return `{-1: ${parameter(value.text)}}`;
  if (Array.isArray(value)) return `[${value.map((element) => term(element, parameter)).join(", ")}]`;
  if (value instanceof Set) {
    // The space keeps a set of one parameter from being read as a parameter.
    return value.size ? `{ ${[...value].map((element) => term(element, parameter)).join(", ")}}` : "{,}";
  }
  const prototype = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  if (prototype === Object.prototype || (prototype === null && typeof value === "object")) {
    const members = Object.entries(value);
    // Datalog text has no empty map.
    if (!members.length) return parameter({ map: {} });
    return `{${members.map(([key, inner]) => `${parameter(key)}: ${term(inner, parameter)}`).join(", ")}}`;
  }
  throw new TypeError("no such value in a fact");
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * The facts for one action. What is not said is the strictest.
 *
 * `now` is a Date; `approvedBy` holds 32-byte keys whose approval of exactly this action was verified; `seen` has
 * an array of texts for each label; `spent` has `[id, kind, windowS, n]` for every budget, where `n` includes what
 * earlier actions of the same call spend.
 */
export function facts(token, known) {
  const { operation, effect, resource, service, now } = known;
  const { args = {}, attrs = {}, approvedBy = [], seen = {}, tainted = true, possession = "session", spent = [] } = known;
  if (!Array.isArray(resource)) throw new TypeError("a resource is an array of segments");
  const seconds = Math.floor(now.getTime() / 1000);
  return [
    fact("operation", operation),
    fact("effect", effect),
    fact("resource", resource),
    fact("service", service),
    fact("time", new Date(seconds * 1000)),
    fact("args", args),
    fact("attrs", attrs),
    fact("depth", token.countBlocks() - 1),
    fact("approved_by", new Set(approvedBy)),
    fact("seen", seen),
    fact("tainted", tainted),
    fact("possession", possession),
    ...spent.map((one) => fact("spent", ...one)),
  ];
}

/** A builder of an authorizer for one action, with the policy of format 1. */
export function authorizer(token, known) {
  const builder = new AuthorizerBuilder();
  for (const one of facts(token, known)) builder.addFact(one);
  builder.addPolicy(Policy.fromString(POLICY));
  return builder;
}
