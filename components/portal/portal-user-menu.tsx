"use client";

import { LogOut, UserRound } from "lucide-react";
import { signOut } from "@/components/identity/sign-out";
import { UserMenu } from "@/components/layout/user-menu";
import { MenuItem, MenuSeparator } from "@/components/ui/dropdown-menu";
import { showToast } from "@/components/ui/toast";

/** Signing out navigates away; failing to is worth a word, because the person walks away from the machine. */
function leave() {
  signOut().catch((error: Error) =>
    showToast({ title: "You are still signed in", description: error.message, tone: "danger" }),
  );
}

export function PortalUserMenu({ name, email }: { name: string; email: string }) {
  return (
    <UserMenu name={name} email={email}>
      <MenuItem href="/profile" icon={<UserRound aria-hidden="true" />}>
        Profile
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden="true" />} onSelect={leave}>
        Sign out
      </MenuItem>
    </UserMenu>
  );
}
