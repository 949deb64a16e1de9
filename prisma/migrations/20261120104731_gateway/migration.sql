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
