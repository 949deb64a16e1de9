/** What the proxy says itself, what belongs to the browser's own connection, and credentials: the key alone speaks for a try. */
const withheld = new Set([
  "accept-encoding",
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "cookie",
  "cookie2",
  "expect",
  "forwarded",
  "host",
  "keep-alive",
  "origin",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "via",
  "x-api-key",
  "x-real-ip",
]);

const withheldPrefixes = ["proxy-", "sec-", "x-forwarded-", "x-portico-"];

/** The headers of a try that may go on. Underscores count as hyphens, as some servers read them. */
export function passedHeaders(sent: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sent)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => mayPass(name.replaceAll("_", "-"))),
  );
}

const mayPass = (name: string) => !withheld.has(name) && !withheldPrefixes.some((prefix) => name.startsWith(prefix));

const ofTheConnection = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "set-cookie",
  "set-cookie2",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The headers of an answer as they may be shown: without cookies, which are nobody's here. */
export function shownHeaders(received: readonly (readonly [string, string])[]): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of received) {
    const lower = name.toLowerCase();
    if (!ofTheConnection.has(lower)) shown[lower] = shown[lower] === undefined ? value : `${shown[lower]}, ${value}`;
  }
  return shown;
}
