import type { Pool } from "pg";
import type { ErrorFormat } from "#lib/core/endpoint";

export interface GatewayRow {
  id: string;
  tenant_id: string;
  name: string;
  domains: string[];
  serve_on_portal: boolean;
  error_format: ErrorFormat;
  cors: unknown;
}

export interface RouteRow {
  id: string;
  tenant_id: string;
  gateway_id: string;
  service_id: string;
  path: string;
  methods: string[];
  priority: number;
  strip_prefix: boolean;
  match_headers: { name: string; value: string }[];
}

export interface TargetRow {
  id: string;
  name: string;
  url: string;
  weight: number;
  max_connections: number | null;
}

export interface ServiceRow {
  id: string;
  tenant_id: string;
  name: string;
  base_url: string;
  is_active: boolean;
  connect_timeout_ms: number;
  response_timeout_ms: number;
  total_timeout_ms: number | null;
  /** The active ones. */
  targets: TargetRow[];
}

export interface PolicyRow {
  route_id: string;
  kind: string;
  configuration: unknown;
}

/** Everything the gateway serves by, of all tenants, as it was at one moment. */
export interface Configuration {
  gateways: GatewayRow[];
  routes: RouteRow[];
  services: ServiceRow[];
  policies: PolicyRow[];
  /** Domain → tenant. */
  domains: { name: string; tenant_id: string }[];
}

// Gateways of the default tenant first: on hosts that are nobody's, theirs is tried first.
const questions: Record<keyof Configuration, string> = {
  gateways: `
    SELECT g.id, g.tenant_id, g.name, g.domains, g.serve_on_portal, g.error_format, g.cors
    FROM gateways g JOIN tenants t ON t.id = g.tenant_id
    WHERE g.is_active AND t.status = 'active' ORDER BY t.is_default DESC, t.created_at, g.created_at, g.id`,
  routes: `
    SELECT id, tenant_id, gateway_id, service_id, path, methods, priority, strip_prefix, match_headers FROM routes WHERE is_active`,
  services: `
    SELECT s.id, s.tenant_id, s.name, s.base_url, s.is_active, s.connect_timeout_ms, s.response_timeout_ms, s.total_timeout_ms,
      coalesce((SELECT json_agg(json_build_object('id', t.id, 'name', t.name, 'url', t.url, 'weight', t.weight,
        'max_connections', t.max_connections) ORDER BY t.created_at, t.id)
        FROM service_targets t WHERE t.service_id = s.id AND t.is_active), '[]') AS targets
    FROM services s`,
  policies: `
    SELECT rp.route_id, p.kind, p.configuration FROM route_policies rp JOIN policies p ON p.id = rp.policy_id ORDER BY rp.position`,
  domains: "SELECT name, tenant_id FROM gateway_domains",
};

/** Reads it in one transaction, so that a change is seen wholly or not at all. As the platform's role: the gateway serves all tenants. */
export async function readConfiguration(pool: Pool): Promise<Configuration> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const answers: Partial<Record<keyof Configuration, unknown[]>> = {};
    for (const [name, question] of Object.entries(questions)) {
      answers[name as keyof Configuration] = (await client.query(question)).rows;
    }
    await client.query("COMMIT");
    client.release();
    return answers as unknown as Configuration;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
