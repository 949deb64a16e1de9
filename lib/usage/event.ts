/**
 * One request, as it is recorded. Ids are null where the request had none of that kind; texts of the caller may hold anything,
 * the row makes them safe and cuts them to length.
 */
export interface UsageEvent {
  /** Unix milliseconds. */
  occurredAtMs: number;
  /** `unknownTenant` when the request was refused before its tenant was known. */
  tenantId: string;
  accountId: string | null;
  apiKeyId: string | null;
  /** Which of the key's secrets was used: 1, and one more for each rotation. */
  keyGeneration: number | null;
  userId: string | null;
  serviceId: string | null;
  gatewayId: string | null;
  routeId: string | null;
  /** The path template of the operation or route, or `unmatchedEndpoint`. Sums are kept per endpoint: never a path as sent. */
  endpoint: string;
  /** The path as sent, without the query. */
  path: string;
  method: string;
  status: number;
  errorCode: string | null;
  /** From the request's first byte to the answer's, microseconds. */
  latencyUs: number;
  upstreamUs: number | null;
  requestBytes: number;
  responseBytes: number;
  credits: number;
  ipAddress: string;
  country: string | null;
  userAgent: string | null;
  requestId: string;
  apiVersion: string | null;
  oauthAppId: string | null;
  cacheStatus: string | null;
  /** The upstream instance that answered. */
  target: string | null;
  /** Calls made upstream; 0 when none was. */
  attempts: number;
  /** A call of the management API: flagged, and kept out of customers' totals (rules R23). */
  isManagement: boolean;
  /** The decision trace: lib/usage/decision-codes.ts. */
  trace: readonly number[];
}

/** The tenant of a request that was refused before anybody knew whose it was. Only the platform sees its rows. */
export const unknownTenant = "unknown";

/** The endpoint of a request that no operation or route matches. */
export const unmatchedEndpoint = "*";

type Column = readonly [name: string, write: (event: UsageEvent) => string];

const text = (value: string, lengthMax: number) =>
  escapeCopy(value.length > lengthMax ? value.slice(0, lengthMax) : value);
const optionalText = (value: string | null, lengthMax: number) => (value === null ? "\\N" : text(value, lengthMax));
const count = (value: number, max: number) => String(value >= max ? max : value > 0 ? Math.trunc(value) : 0); // NaN is neither
const optionalCount = (value: number | null, max: number) => (value === null ? "\\N" : count(value, max));

const int32Max = 2 ** 31 - 1;
const idLengthMax = 64;

/**
 * The columns of a row in the order they are spooled. The first ones are what sums are kept by, side by side, so that the
 * shipper groups rows by a slice of the line and unescapes it once a group (lib/usage/aggregate.ts). A changed order needs
 * another batch mark in gateway/spool/batch.ts: spools of the version before may still be waiting.
 */
const columns: readonly Column[] = [
  ["occurred_at", (event) => isoTime(event.occurredAtMs)],
  ["tenant_id", (event) => text(event.tenantId, idLengthMax)],
  ["account_id", (event) => optionalText(event.accountId, idLengthMax)],
  ["api_key_id", (event) => optionalText(event.apiKeyId, idLengthMax)],
  ["service_id", (event) => optionalText(event.serviceId, idLengthMax)],
  ["route_id", (event) => optionalText(event.routeId, idLengthMax)],
  ["endpoint", (event) => text(event.endpoint, 256)],
  ["method", (event) => text(event.method, 16)],
  ["status", (event) => count(event.status, 999)],
  ["error_code", (event) => optionalText(event.errorCode, 64)],
  ["is_management", (event) => (event.isManagement ? "t" : "f")],
  ["latency_us", (event) => count(event.latencyUs, int32Max)],
  ["request_bytes", (event) => count(event.requestBytes, Number.MAX_SAFE_INTEGER)],
  ["response_bytes", (event) => count(event.responseBytes, Number.MAX_SAFE_INTEGER)],
  ["credits", (event) => count(event.credits, Number.MAX_SAFE_INTEGER)],
  ["key_generation", (event) => optionalCount(event.keyGeneration, int32Max)],
  ["ip_address", (event) => text(event.ipAddress, 64)],
  ["user_id", (event) => optionalText(event.userId, idLengthMax)],
  ["gateway_id", (event) => optionalText(event.gatewayId, idLengthMax)],
  ["path", (event) => text(event.path, 2048)],
  ["upstream_us", (event) => optionalCount(event.upstreamUs, int32Max)],
  ["country", (event) => optionalText(event.country, 8)],
  ["user_agent", (event) => optionalText(event.userAgent, 512)],
  ["request_id", (event) => text(event.requestId, 128)],
  ["api_version", (event) => optionalText(event.apiVersion, 64)],
  ["oauth_app_id", (event) => optionalText(event.oauthAppId, idLengthMax)],
  ["cache_status", (event) => optionalText(event.cacheStatus, 16)],
  ["target", (event) => optionalText(event.target, 256)],
  ["attempts", (event) => count(event.attempts, 1_000)],
  ["trace", (event) => `{${event.trace.slice(0, traceLengthMax).map(int32).join(",")}}`],
];

const traceLengthMax = 256;

/** The columns of `usage_events` a row fills, for COPY. */
export const usageColumns: readonly string[] = columns.map(([name]) => name);

/** A row in the text form of COPY, with its newline. NUL characters, which PostgreSQL cannot hold, become U+FFFD. */
export function encodeUsageRow(event: UsageEvent): string {
  let row = "";
  for (const [index, [, write]] of columns.entries()) row += index === 0 ? write(event) : `\t${write(event)}`;
  return `${row}\n`;
}

/** How many columns, from the first on, say which sum a row belongs to: the time and what follows it up to `is_management`. */
export const sumColumnCount = 11;

/** The start of the row of an event, as text: what it is counted under when it gets no row of its own. Its time is its minute. */
export function encodeSumKey(event: UsageEvent): string {
  const minute = { ...event, occurredAtMs: event.occurredAtMs - (event.occurredAtMs % 60_000) };
  return columns
    .slice(0, sumColumnCount)
    .map(([, write]) => write(minute))
    .join("\t");
}

/** Reads a row back (without its newline): column name → text, or null. */
export function decodeUsageRow(row: string): Record<string, string | null> {
  const fields = row.split("\t");
  return Object.fromEntries(usageColumns.map((name, index) => [name, unescapeCopy(fields[index] ?? "")]));
}

const escapes: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\ufffd" };
const unescapes: Record<string, string> = { "\\": "\\", t: "\t", n: "\n", r: "\r" };

const needsEscape = /[\\\t\n\r\0]/;

function escapeCopy(value: string): string {
  return needsEscape.test(value) ? value.replace(/[\\\t\n\r\0]/g, (character) => escapes[character] ?? "") : value;
}

/** A field of COPY's text form as the text it stands for; null for `\N`. */
export function unescapeCopy(field: string): string | null {
  if (field === "\\N") return null;
  return field.includes("\\")
    ? field.replace(/\\(.)/g, (_, character: string) => unescapes[character] ?? character)
    : field;
}

const int32 = (value: number) => Math.max(-int32Max, Math.min(int32Max, Math.trunc(value) || 0));

const latestMs = Date.UTC(9999, 11, 31);

/** Always 24 characters, so that rows compare by time as text. */
export function isoTime(unixMs: number): string {
  return new Date(Math.min(Math.max(unixMs || 0, 0), latestMs)).toISOString();
}
