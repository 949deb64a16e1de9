import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createEdge, type Edge } from "#gateway/edge";
import { type Gateway, openGateway } from "#gateway/serve";
import { newId } from "#lib/core/ids";
import { runtime } from "#lib/platform/runtime";
import { openApi, type TestApi } from "#test/api";
import { createWorld, type World } from "#test/world";

/** What a route of a test leads to, and how it is guarded. Everything has a sensible default. */
export interface Published {
  tenantId?: string;
  path: string;
  /** Where the service listens. */
  url: string;
  serviceName?: string;
  service?: Record<string, unknown>;
  route?: Record<string, unknown>;
  gateway?: Record<string, unknown>;
  policies?: { kind: string; configuration: object }[];
}

export interface PublishedIds {
  serviceId: string;
  gatewayId: string;
  routeId: string;
}

export interface TestGateway {
  api: TestApi;
  world: World;
  /** The portal's port, where Next is played by an echo. */
  portalPort: number;
  gatewayPort: number;
  /** Sends a request as it is written; `path` may be anything. */
  send(path: string, sent?: SentCall): Promise<AnsweredCall>;
  /** Starts to serve what was published until then; what is published later arrives as it does in production. */
  start(): Promise<void>;
  publish(what: Published): Promise<PublishedIds>;
  close(): Promise<void>;
}

export interface SentCall {
  method?: string;
  key?: string;
  token?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  /** Default: the gateway's port. */
  on?: "portal" | "gateway";
}

export interface AnsweredCall {
  status: number;
  headers: IncomingMessage["headers"];
  rawHeaders: string[];
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects.
  json: any;
}

/** A process with its data plane on two ports of its own, on a database of its own with two tenants. */
export async function openTestGateway(settings: Parameters<typeof openApi>[0] = {}): Promise<TestGateway> {
  const api = await openApi({ PORT: "3999", PUBLIC_URL: "http://portal.test:3999", ...settings });
  const world = await createWorld();
  const open: { gateway?: Gateway; edges: Edge[] } = { edges: [] };
  const made: TestGateway = {
    api,
    world,
    portalPort: 0,
    gatewayPort: 0,
    send: (path, sent = {}) => call(sent.on === "portal" ? made.portalPort : made.gatewayPort, path, sent),
    publish: (what) => publish({ tenantId: world.one.tenantId, ...what }),
    async start() {
      const gateway = await openGateway();
      open.gateway = gateway;
      const common = {
        gateway,
        readiness: async () => ({ ready: true, checks: {} }),
        build: { version: "1.2.3", started_at: "2026-11-20T12:00:00.000Z" },
        trustedProxies: [],
        logger: runtime().logger,
        now: () => new Date(),
      };
      const portal = createEdge({ ...common, surface: "portal", next: echo, publicUrl: api.env.PUBLIC_URL });
      const own = createEdge({ ...common, surface: "gateway" });
      open.edges.push(portal, own);
      made.portalPort = await portal.listen(0, "127.0.0.1");
      made.gatewayPort = await own.listen(0, "127.0.0.1");
    },
    async close() {
      await Promise.all(open.edges.map((edge) => edge.drain(500)));
      await open.gateway?.close();
      await api.close();
    },
  };
  return made;
}

/** Stands in for Next. */
async function echo(req: IncomingMessage, res: ServerResponse): Promise<void> {
  res.setHeader("content-type", "application/json").end(JSON.stringify({ next: req.url }));
}

/** Writes a service, a gateway and a route as the domain functions store them, and says so to every process. */
async function publish(what: Published & { tenantId?: string }): Promise<PublishedIds> {
  const { tenantId = "", path, url, policies = [] } = what;
  const ids = { serviceId: newId("svc"), gatewayId: newId("gw"), routeId: newId("rt") };
  const name = what.serviceName ?? ids.serviceId;
  await insert("services", {
    ...{ id: ids.serviceId, tenant_id: tenantId, number: numberOf(ids.serviceId), name, display_name: name },
    ...{ base_url: url, updated_at: new Date(), ...what.service },
  });
  const domains = (what.gateway?.domains as string[] | undefined) ?? [];
  await insert("gateways", {
    ...{ id: ids.gatewayId, tenant_id: tenantId, name: ids.gatewayId, serve_on_portal: true, updated_at: new Date() },
    ...what.gateway,
    domains,
  });
  for (const domain of domains)
    await insert("gateway_domains", { name: domain, tenant_id: tenantId }, "ON CONFLICT DO NOTHING");
  await insert("routes", {
    ...{ id: ids.routeId, tenant_id: tenantId, gateway_id: ids.gatewayId, service_id: ids.serviceId },
    ...{ name: path, path, updated_at: new Date(), ...what.route },
  });
  for (const { kind, configuration } of policies) {
    const policyId = newId("pol");
    await insert("policies", {
      ...{ id: policyId, tenant_id: tenantId, name: policyId, kind, configuration: JSON.stringify(configuration) },
      updated_at: new Date(),
    });
    await insert("route_policies", { tenant_id: tenantId, route_id: ids.routeId, policy_id: policyId });
  }
  await notify(ids.routeId);
  return ids;
}

let numbers = 1000;
const numberOf = (_id: string) => ++numbers;

async function insert(table: string, row: Record<string, unknown>, ending = ""): Promise<void> {
  const names = Object.keys(row);
  await runtime().postgres.platform.query(
    `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map((_, at) => `$${at + 1}`).join(", ")}) ${ending}`,
    Object.values(row),
  );
}

/** Says that the gateway's configuration changed. */
export async function notify(id: string): Promise<void> {
  await runtime().postgres.platform.query("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind: "gateway", id })]);
}

function call(
  port: number,
  path: string,
  { method = "GET", key, token, headers = {}, body }: SentCall,
): Promise<AnsweredCall> {
  return new Promise((resolve, reject) => {
    const req = request({
      ...{ host: "127.0.0.1", port, path, method, agent: false },
      headers: {
        ...(key !== undefined && { "x-api-key": key }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
        ...headers,
      },
    });
    req.on("error", reject);
    req.on("response", (res) => {
      const chunks: Buffer[] = [];
      res.on("error", reject);
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /json/.test(res.headers["content-type"] ?? "") && text !== "";
        resolve({
          ...{ status: res.statusCode ?? 0, headers: res.headers, rawHeaders: res.rawHeaders, text },
          json: isJson ? JSON.parse(text) : undefined,
        });
      });
    });
    req.end(body);
  });
}
