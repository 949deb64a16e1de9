import { rmSync } from "node:fs";
import type { HttpMethod } from "#lib/core/endpoint";
import { newId } from "#lib/core/ids";
import { endpoints } from "#lib/http/contracts";
import { guard } from "#lib/http/guard";
import { endpointMatcher } from "#lib/http/match-endpoint";
import { type Env, readEnv } from "#lib/platform/env";
import { createTestDatabase } from "#test/database";
import { temporaryDataFolder } from "#test/folders";
import { composeProcess } from "../compose.ts";

export interface Sent {
  /** An API key, sent as X-API-Key. */
  key?: string;
  /** A bearer token. */
  token?: string;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The address the edge saw; each has its own guard against guessing. */
  from?: string;
}

export interface Answered {
  status: number;
  headers: Headers;
  /** Parsed JSON, or undefined for an empty body. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects.
  body: any;
  text: string;
}

export interface TestApi {
  /** Sends a request the way the edge hands it to Next: through the middleware's guard, then to the route of the path. */
  call(method: HttpMethod | "HEAD", path: string, sent?: Sent): Promise<Answered>;
  env: Env;
  close(): Promise<void>;
}

export const managementPrefix = "/api/v1/api-management";

type RouteModule = Record<
  string,
  ((request: Request, route: { params: Promise<Record<string, string>> }) => Promise<Response>) | undefined
>;

/** A composed process on a database of its own, without a listening socket: what is behind the edge, in this process. */
export async function openApi(settings: Partial<Record<keyof Env, string>> = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const dataDir = temporaryDataFolder();
  const secret = (name: string) => `${name}, at least thirty-two bytes of it`;
  const env = readEnv({
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    ROLES: "portal",
    PUBLIC_URL: "http://portal.test",
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    AUTH_SECRET: secret("auth"),
    KEY_PEPPER: secret("pepper"),
    ENCRYPTION_KEY: secret("encryption"),
    ...settings,
  });
  const composed = await composeProcess(env);
  return {
    env,
    call,
    async close() {
      await composed.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const match = endpointMatcher(endpoints);

async function call(method: HttpMethod | "HEAD", path: string, sent: Sent = {}): Promise<Answered> {
  const request = () =>
    new Request(
      `http://portal.test${path.startsWith("/") ? path : `${managementPrefix}/${path}`}`,
      initOf(method, path, sent),
    );
  const guarded = await guard(request());
  if ("refusal" in guarded) return answered(guarded.refusal);

  const passed = request();
  for (const [name, value] of Object.entries(guarded.passOn)) passed.headers.set(name, value);
  const { pathname } = new URL(passed.url);
  const endpoint = match(method, pathname)?.endpoint;
  if (!endpoint) throw new Error("The guard let a path pass that no endpoint serves.");
  const file = `../app${endpoint.path.replaceAll("{", "[").replaceAll("}", "]")}/route.ts`;
  const route = (await import(file)) as RouteModule;
  const handler = route[endpoint.method];
  if (!handler) throw new Error(`${file} does not export ${endpoint.method}.`);
  const response = await handler(passed, { params: Promise.resolve(paramsOf(endpoint.path, pathname)) });
  return answered(response);
}

function initOf(method: string, path: string, { key, token, body, headers, from }: Sent): RequestInit {
  return {
    method,
    headers: {
      "x-request-id": newId("req"),
      "x-real-ip": from ?? "192.0.2.7",
      "x-portico-sent-path": (path.startsWith("/") ? path : `${managementPrefix}/${path}`).split("?")[0] ?? "",
      ...(key !== undefined && { "x-api-key": key }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
}

function paramsOf(template: string, path: string): Record<string, string> {
  const sent = path.split("/");
  return Object.fromEntries(
    template
      .split("/")
      .flatMap((part, at) => (part.startsWith("{") ? [[part.slice(1, -1), decodeURIComponent(sent[at] ?? "")]] : [])),
  );
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === "" ? undefined : JSON.parse(text) };
}
