-- AlterTable
ALTER TABLE "accounts" ADD COLUMN     "all_services" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "limits" JSONB;

-- AlterTable
ALTER TABLE "routes" ADD COLUMN     "match_headers" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "services" ADD COLUMN     "connect_timeout_ms" INTEGER NOT NULL DEFAULT 5000,
ADD COLUMN     "response_timeout_ms" INTEGER NOT NULL DEFAULT 60000,
ADD COLUMN     "total_timeout_ms" INTEGER;

-- AlterTable
ALTER TABLE "service_targets" ADD COLUMN     "is_active" BOOLEAN NOT NULL DEFAULT true;

-- CreateTable
CREATE TABLE "gateway_domains" (
    "name" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,

    CONSTRAINT "gateway_domains_pkey" PRIMARY KEY ("name")
);

-- Until now an account with grants was held to them and one without had every service.
UPDATE "accounts" SET "all_services" = false WHERE "id" IN (SELECT "account_id" FROM "account_services");

-- What may stand in a column that names a state.
ALTER TABLE "gateways" ADD CONSTRAINT "gateways_error_format_check" CHECK ("error_format" IN ('problem', 'partner'));
ALTER TABLE "services" ADD CONSTRAINT "services_load_balancer_check" CHECK ("load_balancer" IN ('round_robin')),
  ADD CONSTRAINT "services_timeouts_check" CHECK ("connect_timeout_ms" > 0 AND "response_timeout_ms" > 0 AND "total_timeout_ms" > 0);
ALTER TABLE "policies" ADD CONSTRAINT "policies_kind_check" CHECK ("kind" IN ('authentication', 'rate_limit', 'cors'));

-- The gateway reads a tenant's whole configuration at once; nothing else looks these up by their parent.
CREATE INDEX "routes_service_id_idx" ON "routes" ("service_id");
CREATE INDEX "route_policies_policy_id_idx" ON "route_policies" ("policy_id");

-- A domain of another tenant cannot be seen, only found taken.
CALL portico.isolate('gateway_domains', 'tenant_id');
GRANT SELECT, INSERT, DELETE ON gateway_domains TO portico_app;

-- Sums of hours and days are folded from those of minutes, a minute or two after each has ended: what is shipped meanwhile costs one
-- row a sum instead of three. Before `folded_until` hours and days hold everything, and late calls are added to them at once; from it
-- on, `usage_sums` adds the minutes up while reading. Shippers hold the advisory lock `portico.usage_fold` shared, the folder exclusively.
CREATE TABLE usage_fold (
    id           BOOLEAN        NOT NULL DEFAULT true CHECK (id), -- one row
    folded_until TIMESTAMPTZ(0) NOT NULL,
    CONSTRAINT usage_fold_pkey PRIMARY KEY (id)
);
INSERT INTO usage_fold (folded_until) VALUES (date_trunc('minute', now()) + interval '1 minute');
GRANT SELECT ON usage_fold TO portico_app;
GRANT SELECT, UPDATE ON usage_fold TO portico_platform;

-- As the reader: row-level security of usage_rollups binds here too.
CREATE VIEW usage_sums WITH (security_invoker = true) AS
  SELECT period, bucket_at, tenant_id, account_id, api_key_id, service_id, route_id, endpoint, method, status, error_code, is_management,
    requests, unrecorded, errors, credits, request_bytes, response_bytes, latency_us, latency_histogram
  FROM usage_rollups
  UNION ALL
  SELECT coarse.period, date_trunc(coarse.period, minute.bucket_at, 'UTC')::timestamptz(0), minute.tenant_id, minute.account_id,
    minute.api_key_id, minute.service_id, minute.route_id, minute.endpoint, minute.method, minute.status, minute.error_code,
    minute.is_management, minute.requests, minute.unrecorded, minute.errors, minute.credits, minute.request_bytes,
    minute.response_bytes, minute.latency_us, minute.latency_histogram
  FROM usage_rollups AS minute CROSS JOIN (VALUES ('hour'), ('day')) AS coarse (period)
  WHERE minute.period = 'minute' AND minute.bucket_at >= (SELECT folded_until FROM usage_fold);
GRANT SELECT ON usage_sums TO portico_app, portico_platform;

-- One pass of the shipper rewrites every row of a page: there must be room for all of them, or each new version also needs new entries
-- in every index.
ALTER TABLE usage_rollups_minute SET (fillfactor = 45);
ALTER TABLE api_key_usage SET (fillfactor = 45);
