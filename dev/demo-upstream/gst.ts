import { type DemoAnswer, type DemoRequest, jsonObject } from "#dev/demo-upstream/exchange";
import { readGstin } from "#dev/demo-upstream/gstin";
import { mixed, pick } from "#dev/demo-upstream/texts";

/**
 * `POST /api/gst/verify {gstin}`: whether the number is a real one by its checksum, and what the register would say of it.
 * The names and dates are invented, the same for the same number.
 */
export function answerGst(request: DemoRequest): DemoAnswer | undefined {
  if (request.segments.join("/") !== "api/gst/verify") return undefined;
  if (request.method !== "POST") {
    return { status: 405, headers: { allow: "POST" }, body: { error: "Send the number with POST." } };
  }
  const { gstin } = jsonObject(request) ?? {};
  if (typeof gstin !== "string" || gstin.length > 100) {
    return { status: 400, body: { error: 'The body must be a JSON object such as {"gstin": "27AAPFU0939F1ZV"}.' } };
  }
  return { status: 200, body: verification(gstin.trim().toUpperCase()) };
}

function verification(gstin: string) {
  const { isValid, problem, state, pan, constitution } = readGstin(gstin);
  return {
    gstin,
    valid: isValid,
    reason: problem && reasons[problem],
    state,
    pan,
    constitution,
    ...(isValid && registration(gstin)),
  };
}

const reasons = {
  format: "A GSTIN is two digits, a PAN, a digit or letter, Z and a check character.",
  state: "No state has this code.",
  checksum: "The check character does not belong to the rest of the number.",
};

function registration(gstin: string) {
  const dice = mixed([...gstin].reduce((hash, character) => Math.imul(hash, 31) + character.charCodeAt(0), 7));
  const name = `${pick(names, dice)} ${pick(trades, dice >>> 8)}`;
  return {
    legal_name: `${name} Private Limited`,
    trade_name: name,
    status: dice % 10 === 0 ? "Cancelled" : "Active",
    taxpayer_type: "Regular",
    registered_on: `20${17 + (dice % 8)}-0${1 + (dice % 9)}-1${dice % 10}`,
  };
}

const names = ["Lotus", "Banyan", "Sagar", "Himalaya", "Deccan", "Ashoka", "Monsoon", "Peacock"] as const;
const trades = ["Telecom", "Broadband", "Cable Works", "Network Services", "Digital", "Infrastructure"] as const;
