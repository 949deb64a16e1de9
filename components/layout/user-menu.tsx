"use client";

import type { ReactNode } from "react";
import { Avatar } from "@/components/ui/avatar";
import { DropdownMenu, MenuSeparator } from "@/components/ui/dropdown-menu";

interface UserMenuProps {
  name: string;
  email: string;
  /** `MenuItem`s; the last one signs out. */
  children: ReactNode;
}

export function UserMenu({ name, email, children }: UserMenuProps) {
  return (
    <DropdownMenu
      trigger={
        <button
          type="button"
          className="rounded-full pointer-coarse:p-1.5 data-[state=open]:outline-2 data-[state=open]:outline-line-strong"
        >
          <Avatar name={name} size="md" />
          <span className="sr-only">Account of {name}</span>
        </button>
      }
      className="min-w-56"
    >
      <div className="px-2 py-1.5 text-sm">
        <p className="truncate font-medium">{name}</p>
        <p className="truncate text-ink-soft text-xs">{email}</p>
      </div>
      <MenuSeparator />
      {children}
    </DropdownMenu>
  );
}
