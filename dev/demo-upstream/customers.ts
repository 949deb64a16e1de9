import { type DemoAnswer, type DemoRequest, isRead } from "#dev/demo-upstream/exchange";
import { mixed, pick } from "#dev/demo-upstream/texts";

const firstCustomer = 101;
const customersCount = 30; // 123, the customer of the examples, among them

/**
 * The subscribers of an internet provider: `/api/v1/customers`, one of them, and the lines they have. Who "me" is says the
 * gateway, in `X-Account-ID`; nobody else can set that header.
 */
export function answerCustomers(request: DemoRequest): DemoAnswer | undefined {
  const [api, version, collection, id, child, ...rest] = request.segments;
  if (`${api}/${version}/${collection}` !== "api/v1/customers" || rest.length > 0) return undefined;
  if (!isRead(request))
    return { status: 405, headers: { allow: "GET, HEAD" }, body: { error: "Customers can be read." } };
  if (id === undefined) {
    const data = Array.from({ length: customersCount }, (_, at) => customer(firstCustomer + at));
    return { status: 200, body: { data } };
  }
  const subject = id === "me" ? me(request) : listed(id);
  if (!subject) return id === "me" ? whoAreYou() : { status: 404, body: { error: `There is no customer ${id}.` } };
  if (child === undefined) return { status: 200, body: subject.customer };
  if (child !== "services") return { status: 404, body: { error: "Customers have services." } };
  return { status: 200, body: { customer_id: subject.customer.id, data: lines(subject.number) } };
}

interface Subject {
  /** What their generated data comes from. */
  number: number;
  customer: object & { id: number | string };
}

function listed(id: string): Subject | null {
  const number = Number(id);
  if (!Number.isInteger(number) || number < firstCustomer || number >= firstCustomer + customersCount) return null;
  return { number, customer: customer(number) };
}

function me({ headers }: DemoRequest): Subject | null {
  const account = headers["x-account-id"];
  if (typeof account !== "string" || account === "") return null;
  const number = [...account].reduce((hash, character) => Math.imul(hash, 31) + character.charCodeAt(0), 7) >>> 0;
  return { number, customer: { ...customer(number), id: account } };
}

function whoAreYou(): DemoAnswer {
  return { status: 401, body: { error: "Call this through the gateway: it says who you are." } };
}

function customer(number: number) {
  const dice = mixed(number);
  return {
    id: number,
    name: `${pick(firstNames, dice)} ${pick(lastNames, dice >>> 8)}`,
    city: pick(cities, dice >>> 16),
    status: dice % 8 === 0 ? "suspended" : "active",
    customer_since: `20${15 + (dice % 10)}-0${1 + (dice % 9)}-1${dice % 10}`,
  };
}

/** An internet line, and up to two things beside it. */
function lines(number: number) {
  const dice = mixed(number + 1);
  return Array.from({ length: 1 + (dice % 3) }, (_, at) => {
    const plan = at === 0 ? pick(connections, dice >>> 4) : pick(extras, (dice >>> 6) + at);
    return {
      id: 10_000 + (dice % 80_000) + at,
      ...plan,
      status: "active",
      ip_address: at === 0 ? `192.0.2.${1 + ((dice >>> 8) % 254)}` : null,
      activated_on: `202${dice % 6}-0${1 + ((dice >>> 3) % 9)}-1${at}`,
    };
  });
}

const firstNames = ["Ida", "Noah", "Mira", "Elias", "Zara", "Jonas", "Leila", "Felix"] as const;
const lastNames = ["Berg", "Costa", "Fischer", "Haddad", "Kowalski", "Laurent", "Mensah", "Silva"] as const;
const cities = ["Port Alder", "Norrvik", "Casamar", "Vieux-Pont", "Monteverde"] as const;
const connections = [
  { name: "Fibre 500", kind: "internet", speed_mbps: 500, price_cents: 3_900 },
  { name: "Fibre 1000", kind: "internet", speed_mbps: 1_000, price_cents: 5_900 },
  { name: "Radio link 100", kind: "internet", speed_mbps: 100, price_cents: 2_900 },
] as const;
const extras = [
  { name: "Home telephone", kind: "voice", speed_mbps: null, price_cents: 900 },
  { name: "Television", kind: "television", speed_mbps: null, price_cents: 1_500 },
] as const;
