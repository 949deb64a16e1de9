/** What the head of a request says, read in one pass over it. Texts are as sent; names were compared without case. */
export interface Head {
  readonly rawHeaders: readonly string[];
  hosts: number;
  host: string;
  requestId: string | undefined;
  apiKey: string | undefined;
  authorization: string | undefined;
  cookie: string | undefined;
  origin: string | undefined;
  requestedMethod: string | undefined;
  userAgent: string | undefined;
  /** The headers that `Connection` names. */
  connection: string | undefined;
  contentLength: string | undefined;
  isChunked: boolean;
  forwardedFor: string | undefined;
  forwardedProto: string | undefined;
  forwardedHost: string | undefined;
  via: string | undefined;
  /** Why the message could be read in two ways, if it could. */
  objection: string | undefined;
  /** Name, value, …: what may be passed on to an upstream, framing, credentials and cookies apart. */
  forwardable: string[];
}

type Reader = (head: Head, value: string, name: string) => void;

const pass: Reader = (head, value, name) => void head.forwardable.push(name, value);
const drop: Reader = () => undefined;

const joined = (before: string | undefined, value: string) => (before === undefined ? value : `${before}, ${value}`);

const hostPattern = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(?::\d{1,5})?$/i;
const misspelt: Reader = (head) => {
  head.objection = "Header names that frame the message are written with hyphens.";
};

/** Headers that mean something to us. Everything else is passed on, unless `isWithheld`. */
const readers: Readonly<Record<string, Reader>> = {
  host(head, value) {
    head.hosts += 1;
    head.host = value;
    if (!hostPattern.test(value)) head.objection = "The Host header is not a host name with an optional port.";
  },
  "content-length"(head, value) {
    head.contentLength = value;
    if (!/^\d{1,15}$/.test(value)) head.objection = "The Content-Length is not a length.";
  },
  "transfer-encoding"(head, value) {
    head.isChunked = true;
    if (value.toLowerCase() !== "chunked") head.objection = "The only Transfer-Encoding is chunked.";
  },
  transfer_encoding: misspelt,
  content_length: misspelt,
  connection(head, value) {
    head.connection = joined(head.connection, value);
  },
  "x-api-key"(head, value) {
    head.apiKey = joined(head.apiKey, value);
  },
  authorization(head, value) {
    head.authorization = joined(head.authorization, value);
  },
  cookie(head, value) {
    head.cookie = head.cookie === undefined ? value : `${head.cookie}; ${value}`;
  },
  origin(head, value, name) {
    head.origin = joined(head.origin, value);
    pass(head, value, name);
  },
  "access-control-request-method"(head, value, name) {
    head.requestedMethod = value;
    pass(head, value, name);
  },
  "user-agent"(head, value, name) {
    head.userAgent = value;
    pass(head, value, name);
  },
  "x-request-id"(head, value) {
    head.requestId = joined(head.requestId, value);
  },
  "x-forwarded-for"(head, value) {
    head.forwardedFor = joined(head.forwardedFor, value);
  },
  "x-forwarded-proto"(head, value) {
    head.forwardedProto = joined(head.forwardedProto, value);
  },
  "x-forwarded-host"(head, value) {
    head.forwardedHost = joined(head.forwardedHost, value);
  },
  via(head, value) {
    head.via = joined(head.via, value);
  },
};

/** One hop's business (RFC 9110 7.6.1), and what some servers take for it. */
const hopByHop = [
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
  "http2-settings",
  "proxy", // CGI would make HTTP_PROXY of it
];

/** What upstreams believe because the gateway says it (rules R26); `x-consumer-*` and `x-authenticated-*` because others did. */
const identity = ["x-tenant-id", "x-account-id", "x-key-id", "x-user-id", "x-scopes"];

/** Headers by which some frameworks let a client change the method or path that we authorized. */
const rerouting = [
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
  "x-original-url",
  "x-rewrite-url",
  "x-original-host",
];

const withheld = new Set([
  ...hopByHop,
  ...identity,
  ...rerouting,
  "forwarded",
  "x-real-ip",
  "true-client-ip",
  "cf-connecting-ip",
]);

/** Underscores count as hyphens, as CGI sees them: `X_Account_Id` must not pass for our `X-Account-ID`. */
function isWithheld(lower: string): boolean {
  const hyphened = lower.includes("_") ? lower.replaceAll("_", "-") : lower;
  return (
    withheld.has(hyphened) ||
    /^x-(?:forwarded|portico|consumer|authenticated)-/.test(hyphened) ||
    isReaderName(hyphened, lower)
  );
}

/** An underscore form of a header that means something to us is nobody's. */
const isReaderName = (hyphened: string, lower: string) => hyphened !== lower && Object.hasOwn(readers, hyphened);

const knownNamesMax = 2_000;
const knownNameLengthMax = 64;

export type HeadReader = (rawHeaders: readonly string[]) => Head;

/** Remembers how each spelling of a header name is to be read: clients send the same few again and again. */
export function createHeadReader(): HeadReader {
  const known = new Map<string, Reader>();

  function readerOf(name: string): Reader {
    const lower = name.toLowerCase();
    const reader = Object.hasOwn(readers, lower) ? readers[lower] : isWithheld(lower) ? drop : pass;
    if (known.size < knownNamesMax && name.length <= knownNameLengthMax) known.set(name, reader ?? pass);
    return reader ?? pass;
  }

  return (rawHeaders) => {
    const head = emptyHead(rawHeaders);
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const name = rawHeaders[at] as string;
      (known.get(name) ?? readerOf(name))(head, rawHeaders[at + 1] as string, name);
    }
    if (head.connection !== undefined) dropConnectionNamed(head, head.connection);
    return head;
  };
}

function emptyHead(rawHeaders: readonly string[]): Head {
  return {
    rawHeaders,
    hosts: 0,
    host: "",
    requestId: undefined,
    apiKey: undefined,
    authorization: undefined,
    cookie: undefined,
    origin: undefined,
    requestedMethod: undefined,
    userAgent: undefined,
    connection: undefined,
    contentLength: undefined,
    isChunked: false,
    forwardedFor: undefined,
    forwardedProto: undefined,
    forwardedHost: undefined,
    via: undefined,
    objection: undefined,
    forwardable: [],
  };
}

/** What `Connection` names is for us alone; `close` and `keep-alive` name nothing. */
function dropConnectionNamed(head: Head, connection: string): void {
  const lower = connection.toLowerCase();
  if (lower === "keep-alive" || lower === "close") return;
  const named = new Set(lower.split(",").map((name) => name.trim()));
  const kept: string[] = [];
  for (let at = 0; at < head.forwardable.length; at += 2) {
    const name = head.forwardable[at] as string;
    if (!named.has(name.toLowerCase())) kept.push(name, head.forwardable[at + 1] as string);
  }
  head.forwardable = kept;
}

/** The value of a header that is not in `Head`, by its lower-case name; repeated ones joined. */
export function headerOf(head: Head, lowerName: string): string | undefined {
  let value: string | undefined;
  for (let at = 0; at < head.rawHeaders.length; at += 2) {
    if ((head.rawHeaders[at] as string).toLowerCase() === lowerName)
      value = joined(value, head.rawHeaders[at + 1] as string);
  }
  return value;
}
