import type { Me } from "#lib/identity/contract";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Card, CardHeader } from "@/components/ui/card";

type Membership = Me["memberships"][number];

/** What each role is called, and what it may do. */
const roleWords: Record<Membership["role"], { name: string; reach: string }> = {
  developer: { name: "Developer", reach: "Makes and uses API keys of the account." },
  owner: { name: "Owner", reach: "Manages the account and its API keys." },
  reseller: { name: "Reseller", reach: "Manages the account and its customers." },
  tenant_admin: { name: "Tenant admin", reach: "Manages every account of the tenant." },
  super_admin: { name: "Super admin", reach: "Manages every tenant of the platform." },
};

/** Where the person belongs and as what. */
export function MembershipList({ memberships }: { memberships: readonly Membership[] }) {
  return (
    <Card>
      <CardHeader title="Memberships" description="The accounts you may work in, and as what." />
      <ul aria-label="Memberships">
        {memberships.map((membership) => (
          <MembershipRow key={membership.id} membership={membership} />
        ))}
      </ul>
    </Card>
  );
}

function MembershipRow({ membership: { account, tenant, role, is_current } }: { membership: Membership }) {
  const { name, reach } = roleWords[role];
  return (
    <li className="flex items-center gap-3 border-line border-t px-4 py-3 first:border-t-0">
      <Avatar name={account?.name ?? tenant.name} shape="square" size="md" />
      <div className="min-w-0 grow text-sm">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="break-words font-medium">{account?.name ?? tenant.name}</span>
          {is_current && <Badge tone="success">Current</Badge>}
        </p>
        <p className="text-ink-soft text-xs">
          {account ? `${name} at ${tenant.name}` : name}. {reach}
        </p>
      </div>
    </li>
  );
}
