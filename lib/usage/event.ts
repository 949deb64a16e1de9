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

const text = (value: string, lengthMax: number) =>
  escapeCopy(value.length > lengthMax ? value.slice(0, lengthMax) : value);
const optionalText = (value: string | null, lengthMax: number) => (value === null ? "\\N" : text(value, lengthMax));
const count = (value: number, max: number) => String(value >= max ? max : value > 0 ? Math.trunc(value) : 0); // NaN is neither
const optionalCount = (value: number | null) => (value === null ? "\\N" : count(value, int32Max));

const int32Max = 2 ** 31 - 1;
/** No single request has more, and eight million rows of it still add up within a bigint. */
const amountMax = 2 ** 40;
const idLengthMax = 64;

/**
 * The columns of `usage_events` a row fills, in the order they are spooled. The first ones are what sums are kept by, side by
 * side, so that the shipper groups rows by a slice of the line and unescapes it once a group (lib/usage/aggregate.ts). A changed
 * order needs another batch mark in gateway/spool/batch.ts: spools of the version before may still be waiting.
 */
export const usageColumns: readonly string[] = [
  ...[
    "occurred_at",
    "tenant_id",
    "account_id",
    "api_key_id",
    "service_id",
    "route_id",
    "endpoint",
    "method",
    "status",
    "error_code",
  ],
  ...[
    "is_management",
    "latency_us",
    "request_bytes",
    "response_bytes",
    "credits",
    "key_generation",
    "ip_address",
    "user_id",
  ],
  ...[
    "gateway_id",
    "path",
    "upstream_us",
    "country",
    "user_agent",
    "request_id",
    "api_version",
    "oauth_app_id",
    "cache_status",
  ],
  ...["target", "attempts", "trace"],
];

/**
 * A row in the text form of COPY, with its newline. NUL characters, which PostgreSQL cannot hold, become U+FFFD. Every request
 * pays for this, hence one plain expression rather than a table of columns.
 */
export function encodeUsageRow(event: UsageEvent): string {
  return (
    `${isoTime(event.occurredAtMs)}\t${encodeDimensions(event)}\t${count(event.latencyUs, int32Max)}\t` +
    `${count(event.requestBytes, amountMax)}\t${count(event.responseBytes, amountMax)}\t${count(event.credits, amountMax)}\t` +
    `${optionalCount(event.keyGeneration)}\t${text(event.ipAddress, 64)}\t${optionalText(event.userId, idLengthMax)}\t` +
    `${optionalText(event.gatewayId, idLengthMax)}\t${text(event.path, 2048)}\t${optionalCount(event.upstreamUs)}\t` +
    `${optionalText(event.country, 8)}\t${optionalText(event.userAgent, 512)}\t${text(event.requestId, 128)}\t` +
    `${optionalText(event.apiVersion, 64)}\t${optionalText(event.oauthAppId, idLengthMax)}\t${optionalText(event.cacheStatus, 16)}\t` +
    `${optionalText(event.target, 256)}\t${count(event.attempts, 1_000)}\t{${traceText(event.trace)}}\n`
  );
}

/** What a request is summed by: the columns from the tenant to `is_management`. */
function encodeDimensions(event: UsageEvent): string {
  return (
    `${text(event.tenantId, idLengthMax)}\t${optionalText(event.accountId, idLengthMax)}\t${optionalText(event.apiKeyId, idLengthMax)}\t` +
    `${optionalText(event.serviceId, idLengthMax)}\t${optionalText(event.routeId, idLengthMax)}\t${text(event.endpoint, 256)}\t` +
    `${text(event.method, 16)}\t${count(event.status, 999)}\t${optionalText(event.errorCode, 64)}\t${event.isManagement ? "t" : "f"}`
  );
}

const traceLengthMax = 256;

function traceText(trace: readonly number[]): string {
  let numbers = "";
  for (let at = 0; at < trace.length && at < traceLengthMax; at++)
    numbers += at === 0 ? int32(trace[at]) : `,${int32(trace[at])}`;
  return numbers;
}

/** How many columns, from the first on, say which sum a row belongs to: the time and what follows it up to `is_management`. */
export const sumColumnCount = 11;

/** The start of the row of an event, as text: what it is counted under when it gets no row of its own. Its time is its minute. */
export function encodeSumKey(event: UsageEvent): string {
  return `${isoTime(event.occurredAtMs - (event.occurredAtMs % 60_000))}\t${encodeDimensions(event)}`;
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

const int32 = (value = 0) => Math.max(-int32Max, Math.min(int32Max, Math.trunc(value) || 0));

const latestMs = Date.UTC(9999, 11, 31);

/** Always 24 characters, so that rows compare by time as text. */
export function isoTime(unixMs: number): string {
  return new Date(Math.min(Math.max(unixMs || 0, 0), latestMs)).toISOString();
}
