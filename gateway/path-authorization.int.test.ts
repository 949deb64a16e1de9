import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestGateway, type TestGateway } from "#test/gateway";
import { type RecordingUpstream, startUpstream } from "#test/upstream";

let gateway: TestGateway;
let upstream: RecordingUpstream;

beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await openTestGateway();
  const { url } = upstream;
  const anyone = { kind: "authentication", configuration: { accept: ["anonymous"], required_scopes: [] } };
  const unlimited = { kind: "rate_limit", configuration: { limits: [], count_by: "api_key" } };
  await gateway.publish({ path: "/public/*", url, policies: [anyone, unlimited] });
  await gateway.publish({
    path: "/stripped/*",
    url: `${url}/public`,
    route: { strip_prefix: true },
    policies: [anyone, unlimited],
  });
  await gateway.publish({ path: "/private/*", url });
  await gateway.publish({ path: "/orders/{id}/public", url, policies: [anyone, unlimited] });
  await gateway.start();
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** Ways to write "one up", a slash, a dot or nothing that one server reads and another does not. */
const ups = [
  ...[
    "..",
    ".%2e",
    "%2e.",
    "%2e%2e",
    "%2E%2E",
    ".%2E",
    "..;",
    "..;x=1",
    "%2e%2e;",
    "..%00",
    "..%0a",
    "..%09",
    "..%20",
    "...",
  ],
  ...[
    "%c0%ae%c0%ae",
    "%e0%80%ae%e0%80%ae",
    "%uff0e%uff0e",
    "%u002e%u002e",
    "%%32%65%%32%65",
    "..%3b",
    "..%3B/x",
    "%252e%252e",
    "..%c0%af",
  ],
];
const slashes = [
  "/",
  "//",
  "/./",
  "\\",
  "%2f",
  "%2F",
  "%5c",
  "%5C",
  "/;/",
  "/%2e/",
  "%c0%af",
  "%252f",
  "/%20/",
  ";/",
  "%00/",
];
const starts = [
  "/public",
  "/public/a",
  "/stripped",
  "/orders/7/public",
  "//public",
  "/./public",
  "/PUBLIC",
  "/public;x",
  "/%70ublic",
  "/public%2f",
];
const ends = [
  "private/secret",
  "private",
  "private/secret?x=1",
  "%70rivate/secret",
  "private%2fsecret",
  "Private/secret",
];

const single = [
  ...[
    "/private/secret",
    "/private",
    "/private/",
    "/Private/secret",
    "/private;x/secret",
    "/private%2fsecret",
    "/%70rivate/secret",
  ],
  ...[
    "//private/secret",
    "/./private/secret",
    "/private//secret",
    "/private/./secret",
    "\\private\\secret",
    "/x/../private/secret",
  ],
  ...[
    "http://evil.test/private/secret",
    "http://127.0.0.1/private/secret",
    "*",
    "private/secret",
    "/public#/../private",
    "/public?/../private",
  ],
  ...[
    "/publicprivate",
    "/public.json",
    "/public%20",
    "/public%09",
    "/orders/7%2f8/public",
    "/orders/../public",
    "/orders//public",
    "/orders/7/public/more",
  ],
  ...[
    "/private/%2e%2e/public/x",
    "/stripped//private",
    "/stripped/%2f%2fprivate",
    "/stripped/..",
    "/stripped/../",
    "/stripped/%2e%2e/private",
  ],
];

const corpus = [
  ...new Set([
    ...single,
    ...starts.flatMap((start) => ups.map((up) => `${start}/${up}/private/secret`)),
    ...starts.flatMap((start) => slashes.map((slash) => `${start}${slash}..${slash}private/secret`)),
    ...ends.flatMap((end) => ups.map((up) => `/public/${up}/${end}`)),
  ]),
];

/** The status of the answer to a request line sent as it is, without a credential. */
async function send(target: string): Promise<number> {
  const socket = connect(gateway.gatewayPort, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(
    `GET ${target} HTTP/1.1\r\nHost: gateway.test\r\nX-Request-Id: ${Buffer.from(target).toString("hex").slice(0, 100)}\r\nConnection: close\r\n\r\n`,
    "latin1",
  );
  let answer = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
  });
  await Promise.race([once(socket, "close"), sleep(2_000)]);
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}

/** What lenient servers make of a path: they decode, take backslashes for slashes, drop parameters and resolve dots. */
function readings(path: string): string[] {
  const decoded = decodeURIComponent(path);
  const plain = [
    path,
    decoded,
    decoded.replaceAll("\\", "/"),
    decoded.replace(/;[^/]*/g, ""),
    decoded.replaceAll("\0", ""),
  ];
  return plain.flatMap((text) => [resolve(text), resolve(text.toLowerCase())]);
}

function resolve(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

it(`what is forwarded is what was authorized: ${corpus.length} spellings of paths`, async () => {
  expect(corpus.length).toBeGreaterThanOrEqual(250);
  const statuses = new Map<number, number>();
  for (const target of corpus) {
    const before = upstream.requests.length;
    const status = await send(target);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const forwarded = upstream.requests.slice(before);
    expect([200, 400, 401, 404, 405], `${status} for ${target}`).toContain(status);
    expect(forwarded.length, `requests upstream for ${target}`).toBe(status === 200 ? 1 : 0);
    for (const { url } of forwarded) {
      const [path = ""] = url.split("?");
      for (const reading of readings(path)) {
        expect(reading, `${target} was forwarded as ${path}`).toMatch(/^\/(public(\/|$)|orders\/[^/]+\/public$)/);
      }
    }
  }
  // Both outcomes are there: a gateway that refuses everything would pass the rest.
  expect(statuses.get(200)).toBeGreaterThan(20);
  expect(statuses.get(400)).toBeGreaterThan(150);
  expect(statuses.get(401)).toBeGreaterThan(3);
}, 60_000);
