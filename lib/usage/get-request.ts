import { AppError } from "#lib/core/errors";
import type { Authorized } from "#lib/platform/context";
import type { UsageDetail } from "#lib/usage/contract";
import { findNames, type NamedKind } from "#lib/usage/find-names";
import { findEvents } from "#lib/usage/repository";
import { serializeEvent } from "#lib/usage/serialize";
import { freshUsageScope } from "#lib/usage/usage-scope";

/** The newest request with an id, with the names of what it used. Throws NOT_FOUND where the caller may see none. */
export async function getRequest(ctx: Authorized<"usage:read">, requestId: string): Promise<UsageDetail> {
  const scope = await freshUsageScope(ctx);
  const [event] = await findEvents(ctx.db, scope, { requestId, management: "include" }, undefined, 1);
  if (!event)
    throw new AppError(
      "NOT_FOUND",
      "No such request within the last 90 days. Of calls refused without a known caller many are only counted.",
    );
  const names = await findNames(ctx.db, {
    api_key: [event.api_key_id ?? ""],
    account: [event.account_id ?? ""],
    gateway: [event.gateway_id ?? ""],
    service: [event.service_id ?? ""],
    route: [event.route_id ?? ""],
  });
  const nameOf = (kind: NamedKind, id: string | null) => names[kind]?.get(id ?? "") ?? null;
  return {
    ...serializeEvent(event, ctx.actor),
    api_key_name: nameOf("api_key", event.api_key_id),
    account_name: nameOf("account", event.account_id),
    gateway_name: nameOf("gateway", event.gateway_id),
    service_name: nameOf("service", event.service_id),
    route_path: nameOf("route", event.route_id),
  };
}
