import type { Metadata } from "next";
import { readPage } from "#lib/http/page-context";
import { getMe as getMeContract } from "#lib/identity/contract";
import { getMe } from "#lib/identity/get-me";
import { listSessions } from "#lib/identity/list-sessions";
import { ChangePasswordForm } from "@/components/identity/change-password-form";
import { MembershipList } from "@/components/identity/membership-list";
import { SessionList } from "@/components/identity/session-list";
import { Page } from "@/components/layout/page";
import { Card, CardHeader, FactList } from "@/components/ui/card";
import { CopyableId } from "@/components/ui/copyable-id";

export const metadata: Metadata = { title: "Profile" };

export default async function ProfilePage() {
  const { me, sessions } = await readPage(getMeContract, "/profile", async (ctx) => {
    const [me, { data }] = await Promise.all([getMe(ctx), listSessions(ctx)]);
    return { me, sessions: data };
  });
  const { name, email, id } = me.user ?? { name: "", email: "", id: "" };
  return (
    <Page title="Profile" description="Who you are here, your password and where you are signed in." width="narrow">
      <Card>
        <CardHeader title="You" />
        <FactList
          facts={[
            { label: "Name", value: name },
            { label: "E-mail address", value: email },
            { label: "User id", value: <CopyableId id={id} label="Copy user id" /> },
          ]}
        />
      </Card>
      <MembershipList memberships={me.memberships} />
      <ChangePasswordForm email={email} />
      <SessionList initial={sessions} />
    </Page>
  );
}
