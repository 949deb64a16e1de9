import { sumColumnCount, unescapeCopy } from "#lib/usage/event";
import { addLatency, emptyLatencyHistogram, type LatencyHistogram, mergeLatencies } from "#lib/usage/latency-histogram";

interface Amounts {
  requests: number;
  /** Of `requests`: those counted without a row, latency or bytes. */
  unrecorded: number;
  errors: number;
  credits: number;
  request_bytes: number;
  response_bytes: number;
  latency_us: number;
  latency_histogram: LatencyHistogram;
}

/** What `api_key_usage` gains. Generation 0 stands for calls that were only counted. */
export interface KeyUse {
  key_id: string;
  generation: number;
  requests: number;
  last_used_at: string | null;
  last_used_ip: string | null;
}

interface MinuteSum extends Amounts {
  isFailed: boolean;
  /** The key these calls count for; "" for none, and for calls that were refused because the key is no longer good. */
  usedKeyId: string;
  /** Of that key, for the secret it was called with last. */
  use?: KeyUse;
}

/** Sums of one shipped batch: minutes by the text before the numbers of their rows, keys by id and generation. */
export interface UsageSums {
  minutes: Map<string, MinuteSum>;
  keys: Map<string, KeyUse>;
}

/** A key that may not call, or not from there, and that somebody keeps trying, is not a key in use. */
export const notUsed: ReadonlySet<string> = new Set([
  "API_KEY_INVALID",
  "API_KEY_REVOKED",
  "API_KEY_EXPIRED",
  "API_KEY_DISABLED",
  "SIGNATURE_INVALID",
  "IP_NOT_ALLOWED",
  "ACCOUNT_SUSPENDED",
  "TENANT_SUSPENDED",
]);

const timeLength = "2026-11-20T12:00:00.000Z".length;
const minuteLength = "2026-11-20T12:00".length;

export function emptySums(): UsageSums {
  return { minutes: new Map(), keys: new Map() };
}

/** Adds rows in COPY's text form (`encodeUsageRow`), one a line. */
export function addRows(sums: UsageSums, text: string): void {
  for (let start = 0; start < text.length; ) {
    const afterKey = endOfColumns(text, start, sumColumnCount);
    const sum = minuteOf(sums, text, start, afterKey);
    // What follows the sum key: latency, bytes in, bytes out, credits, generation, address. Read in place: this runs for each request.
    const requestBytesAt = nextColumn(text, afterKey + 1);
    const responseBytesAt = nextColumn(text, requestBytesAt);
    const creditsAt = nextColumn(text, responseBytesAt);
    const generationAt = nextColumn(text, creditsAt);
    const addressAt = nextColumn(text, generationAt);
    const latencyUs = numberAt(text, afterKey + 1);
    sum.requests += 1;
    if (sum.isFailed) sum.errors += 1;
    sum.latency_us += latencyUs;
    addLatency(sum.latency_histogram, latencyUs);
    sum.request_bytes += numberAt(text, requestBytesAt);
    sum.response_bytes += numberAt(text, responseBytesAt);
    sum.credits += numberAt(text, creditsAt);
    if (sum.usedKeyId !== "") {
      const use = keyUseOf(sums, sum, numberAt(text, generationAt));
      use.requests += 1;
      const at = text.slice(start, start + timeLength);
      if (use.last_used_at === null || at >= use.last_used_at) {
        use.last_used_at = at;
        use.last_used_ip = unescapeCopy(text.slice(addressAt, nextColumn(text, addressAt) - 1));
      }
    }
    start = text.indexOf("\n", addressAt) + 1;
  }
}

/** Adds count records: a number, a tab and the text of `encodeSumKey`, one a line. */
export function addCounts(sums: UsageSums, text: string): void {
  for (const line of text.split("\n")) {
    const start = line.indexOf("\t") + 1;
    if (start === 0) continue;
    const requests = Number(line.slice(0, start - 1));
    const sum = minuteOf(sums, line, start, line.length);
    sum.requests += requests;
    sum.unrecorded += requests;
    if (sum.isFailed) sum.errors += requests;
    if (sum.usedKeyId !== "") keyUseOf(sums, sum, 0).requests += requests;
  }
}

/** How many rows were added. */
export function countRows({ minutes }: UsageSums): number {
  let rows = 0;
  for (const { requests, unrecorded } of minutes.values()) rows += requests - unrecorded;
  return rows;
}

/**
 * The rows of `usage_rollups` the sums add up to, in COPY's text form, each once: period, bucket, dimensions, then the amounts. Hours
 * and days only of minutes before `foldedUntil`: those of later minutes are folded when they are over (fold-minutes.ts).
 */
export function rollupText(sums: UsageSums, foldedUntil: Date): string {
  const firstUnfolded = foldedUntil.toISOString().slice(0, minuteLength);
  const late = new Map<string, Amounts>();
  let text = "";
  for (const [id, sum] of sums.minutes) {
    const minute = id.slice(0, minuteLength);
    const dimensions = withoutNulls(id.slice(minuteLength));
    if (minute >= firstUnfolded) text += rollupLine(`minute\t${minute}:00Z${dimensions}`, sum);
    else for (const bucket of bucketsOf(minute)) addTo(late, `${bucket}${dimensions}`, sum);
  }
  for (const [key, amounts] of late) text += rollupLine(key, amounts);
  return text;
}

/** NULL is `\N` as a whole field, which no text is: its backslash is doubled. In sums it is "". */
const withoutNulls = (dimensions: string): string => dimensions.replaceAll("\t\\N", "\t");

function rollupLine(key: string, sum: Amounts): string {
  const { requests, unrecorded, errors, credits, request_bytes, response_bytes, latency_us, latency_histogram } = sum;
  return `${key}\t${requests}\t${unrecorded}\t${errors}\t${credits}\t${request_bytes}\t${response_bytes}\t${latency_us}\t{${latency_histogram.join(",")}}\n`;
}

function addTo(sums: Map<string, Amounts>, key: string, sum: Amounts): void {
  const into = sums.get(key);
  if (into) addAmounts(into, sum);
  else sums.set(key, amountsOf(sum));
}

function bucketsOf(minute: string): string[] {
  return [`minute\t${minute}:00Z`, `hour\t${minute.slice(0, 13)}:00:00Z`, `day\t${minute.slice(0, 10)}T00:00:00Z`];
}

function endOfColumns(text: string, start: number, columns: number): number {
  let end = start - 1;
  for (let column = 0; column < columns; column++) end = text.indexOf("\t", end + 1);
  return end;
}

/** Where the column after the one at `start` begins. */
const nextColumn = (text: string, start: number) => text.indexOf("\t", start) + 1;

/** The whole number that begins somewhere; 0 where none does, as in a NULL. */
function numberAt(text: string, start: number): number {
  let value = 0;
  for (let at = start; ; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return value;
    value = value * 10 + digit;
  }
}

function minuteOf(sums: UsageSums, text: string, start: number, end: number): MinuteSum {
  const id = text.slice(start, start + minuteLength) + text.slice(start + timeLength, end);
  const known = sums.minutes.get(id);
  if (known) return known;
  const fields = text.slice(start + timeLength + 1, end).split("\t");
  const field = (at: number) => unescapeCopy(fields[at] ?? "") ?? "";
  const usedKeyId = notUsed.has(field(errorCodeAt)) ? "" : field(apiKeyAt);
  const sum: MinuteSum = { isFailed: Number(field(statusAt)) >= 400, usedKeyId, ...noAmounts() };
  sums.minutes.set(id, sum);
  return sum;
}

// Among the dimensions, as `encodeSumKey` writes them.
const apiKeyAt = 2;
const statusAt = 7;
const errorCodeAt = 8;

/** What the key of a sum gains; a secret's calls follow each other, so the last one found is mostly the next one wanted. */
function keyUseOf({ keys }: UsageSums, sum: MinuteSum, generation: number): KeyUse {
  if (sum.use?.generation === generation) return sum.use;
  const id = `${sum.usedKeyId}\t${generation}`;
  const known = keys.get(id);
  sum.use = known ?? { key_id: sum.usedKeyId, generation, requests: 0, last_used_at: null, last_used_ip: null };
  if (!known) keys.set(id, sum.use);
  return sum.use;
}

function noAmounts(): Amounts {
  const zeros = {
    requests: 0,
    unrecorded: 0,
    errors: 0,
    credits: 0,
    request_bytes: 0,
    response_bytes: 0,
    latency_us: 0,
  };
  return { ...zeros, latency_histogram: emptyLatencyHistogram() };
}

function amountsOf(sum: Amounts): Amounts {
  const amounts = noAmounts();
  addAmounts(amounts, sum);
  return amounts;
}

function addAmounts(into: Amounts, sum: Amounts): void {
  into.requests += sum.requests;
  into.unrecorded += sum.unrecorded;
  into.errors += sum.errors;
  into.credits += sum.credits;
  into.request_bytes += sum.request_bytes;
  into.response_bytes += sum.response_bytes;
  into.latency_us += sum.latency_us;
  mergeLatencies(into.latency_histogram, sum.latency_histogram);
}
