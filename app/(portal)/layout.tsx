import { headers } from "next/headers";
import type { ReactNode } from "react";
import type { Actor } from "#lib/core/actor";
import { accountMeta } from "#lib/http/client";
import { readPage, requireSignedIn } from "#lib/http/page-context";
import * as identity from "#lib/identity/contract";
import { getMe } from "#lib/identity/get-me";
import { runtime } from "#lib/platform/runtime";
import { defaultKeyLimits } from "#lib/rate-limits/default-limits";
import { legacyRatesOf } from "#lib/rate-limits/legacy-rates";
import { AppShell } from "@/components/layout/app-shell";
import { Providers } from "@/components/layout/providers";
import { OfflineNotice } from "@/components/portal/offline-notice";
import { type Portal, PortalProvider } from "@/components/portal/portal-context";
import { navigationFor } from "@/components/portal/portal-navigation";
import { PortalSwitcher } from "@/components/portal/portal-switcher";
import { PortalUserMenu } from "@/components/portal/portal-user-menu";
import { wholeTenant } from "@/components/portal/whole-tenant";
import { Button } from "@/components/ui/button";

/** Frame of the signed-in pages. Sends everybody else to sign in before a byte of a page is written. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const path = (await headers()).get("x-portico-sent-path") ?? "/overview";
  const actor = await requireSignedIn(path);
  const me = await readPage(identity.getMe, path, getMe);
  const accounts = me.memberships.map(({ account, tenant, role }) => ({
    id: account?.id ?? wholeTenant,
    name: account?.name ?? tenant.name,
    kind: account ? accountKinds[account.kind] : roleNames[role],
  }));

  return (
    <Providers>
      <meta name={accountMeta} content={actor.accountId ?? ""} />
      <PortalProvider portal={portalFor(actor)}>
        <AppShell
          banner={<OfflineNotice />}
          homeHref="/overview"
          sections={navigationFor(me.permissions)}
          switcher={<PortalSwitcher accounts={accounts} currentId={me.account?.id ?? wholeTenant} />}
          actions={
            <Button asChild variant="ghost" className="max-sm:hidden">
              <a href="/openapi.json">OpenAPI</a>
            </Button>
          }
          userMenu={me.user && <PortalUserMenu name={me.user.name} email={me.user.email} />}
        >
          {children}
        </AppShell>
      </PortalProvider>
    </Providers>
  );
}

const accountKinds = {
  customer: "Customer account",
  reseller: "Reseller account",
  partner: "Partner account",
  internal: "Internal account",
} as const;

const roleNames = {
  developer: "Developer",
  owner: "Owner",
  reseller: "Reseller",
  tenant_admin: "Tenant administration",
  super_admin: "Platform administration",
} as const;

function portalFor({ permissions, grants, role }: Actor): Portal {
  const { env } = runtime();
  const rates = legacyRatesOf(defaultKeyLimits(env));
  return {
    apiUrl: `${env.PUBLIC_URL}/api/v1/api-management`,
    can: {
      writeKeys: permissions.has("keys:write"),
      readAccounts: permissions.has("accounts:read"),
      manageAccounts: permissions.has("accounts:write"),
      grantAdmin: grants.admin,
      writeServices: permissions.has("services:write"),
      writeGateways: permissions.has("gateways:write"),
      writePartners: permissions.has("partners:write"),
      serveOnPortal: role === "super_admin",
    },
    defaultRates: {
      minute: rates.rate_limit_per_minute,
      hour: rates.rate_limit_per_hour,
      day: rates.rate_limit_per_day,
    },
  };
}
