// Decides the decision vectors with stock biscuit-wasm and the documented facts, verdict for verdict.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { Biscuit, Check, PublicKey, SignatureAlgorithm } from "@biscuit-auth/biscuit-wasm";

import { Decimal, NumberText, authorizer, fact } from "./facts.mjs";

function read(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  return names.sort().map((name) => {
    const [head] = readFileSync(join(folder, name), "utf8").split("\n\n");
    const headers = head.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]);
    const all = (wanted) => headers.filter(([header]) => header === wanted).map(([, value]) => value);
    return { name, all, get: (header) => all(header)[0] };
  });
}

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));

/** What stands in a vector's JSON, as facts.mjs takes it. */
function value(inside) {
  if (Array.isArray(inside)) return inside.map(value);
  if (inside === null || typeof inside !== "object") return inside;
  const [[tag, held], ...more] = Object.entries(inside).length ? Object.entries(inside) : [["", null]];
  if (!more.length && tag.startsWith("$")) {
    if (tag === "$int") return BigInt(held);
    if (tag === "$bytes") return bytes(held);
    // The vectors write no number whose canonical text needs more than this.
    if (tag === "$number") return new NumberText(held.includes(".") ? held.replace(/0+$/, "") : held);
    return new Decimal(held[0], held[1]);
  }
  return Object.fromEntries(Object.entries(inside).map(([key, member]) => [key, value(member)]));
}

function known(vector, index) {
  const asked = JSON.parse(vector.all("action")[index]);
  const words = (header) => vector.all(header).map((line) => line.split(" "));
  const approved = words("approved").filter(([at]) => Number(at) === index);
  const pending = new Map(words("pending").filter(([at]) => Number(at) === index).map(([, id, n]) => [id, BigInt(n)]));
  return {
    operation: asked.operation,
    effect: asked.effect,
    resource: asked.resource,
    service: asked.service,
    args: value(asked.arguments),
    attrs: value(asked.attributes),
    now: new Date(vector.get("now")),
    approvedBy: approved.flatMap(([, ...keys]) => keys.map((key) => bytes(key.replace("ed25519/", "")))),
    seen: JSON.parse(vector.get("seen")),
    tainted: vector.get("tainted") === "true",
    possession: vector.get("possession"),
    spent: words("spent").map(([id, kind, window, n]) => [id, kind, Number(window), BigInt(n) + (pending.get(id) ?? 0n)]),
  };
}

function ask(vector, token, index) {
  const builder = authorizer(token, known(vector, index));
  for (const text of [...vector.all("ceiling-check"), ...vector.all("house-check")]) {
    builder.addCheck(Check.fromString(text.replace(/;$/, "")));
  }
  try {
    builder.buildAuthenticated(token).authorize();
    return "allow";
  } catch (error) {
    return error?.FailedLogic ? "deny" : `error: ${JSON.stringify(error)}`;
  }
}

function decide(vector, token) {
  for (const index of vector.all("action").keys()) {
    // The stock limit is 1 ms of wall time, which a busy host passes now and then.
    let said;
    for (let attempt = 0; attempt < 50; attempt++) {
      said = ask(vector, token, index);
      if (!said.includes("Timeout")) break;
    }
    if (said !== "allow") return said;
  }
  return "allow";
}

const CASES = [
  [{}, "f({})"],
  [[], "f([])"],
  [[1, 2n, null, true], "f([1, 2, null, true])"],
  [bytes("00ff"), "f(hex:00ff)"],
  [{ a: [{}] }, 'f({"a": [{}]})'],
  [new Decimal(2, 9870), "f({2: 9870})"],
  [new NumberText("98.7"), 'f({-1: "98.7"})'],
  [new Set(), "f({,})"],
  [new Set([bytes("01")]), "f({hex:01})"],
  [-(2n ** 63n), "f(-9223372036854775808)"],
];
const REFUSED = [1.5, 2 ** 53, 2n ** 63n, undefined, new Map(), () => 1];

const wrong = [];
for (const [value, text] of CASES) {
  const made = fact("f", value).toString();
  if (made !== text) wrong.push(`${text} is ${made}`);
}
for (const value of REFUSED) {
  try {
    wrong.push(`${String(value)} is ${fact("f", value)}, not refused`);
  } catch {
    // As it must be.
  }
}
console.log(`converter: ${CASES.length + REFUSED.length} values`);

const count = { allow: 0, deny: 0 };
let same = 0;
for (const vector of read(process.argv[2])) {
  const root = PublicKey.fromString(vector.get("root-key").replace("ed25519/", ""), SignatureAlgorithm.Ed25519);
  const token = Biscuit.fromBase64(vector.get("sealed"), root);
  const said = decide(vector, token);
  const expected = vector.get("expect");
  count[expected] += 1;
  if (said === expected) same += 1;
  else wrong.push(`${vector.name}: expected ${expected}, biscuit-wasm says ${said}`);
}
console.log(`decisions: ${count.allow + count.deny} vectors, ${count.allow} allow, ${count.deny} deny; same verdicts: ${same}`);
wrong.forEach((line) => console.error(`WRONG ${line}`));
process.exit(wrong.length ? 1 : 0);
