"use client";

import { ChevronsUpDown } from "lucide-react";
import { Avatar } from "@/components/ui/avatar";
import { DropdownMenu, MenuChoice, MenuLabel } from "@/components/ui/dropdown-menu";

export interface SwitcherAccount {
  id: string;
  name: string;
  /** "Customer account", "Tenant". */
  kind: string;
}

interface AccountSwitcherProps {
  accounts: readonly SwitcherAccount[];
  currentId: string;
  onSwitch: (id: string) => void;
}

/** Which account one works in. With one account it is a name, without a menu. */
export function AccountSwitcher({ accounts, currentId, onSwitch }: AccountSwitcherProps) {
  const current = accounts.find((account) => account.id === currentId);
  if (!current) return null;
  const name = (
    <span className="flex min-w-0 flex-col text-left">
      <span className="truncate font-medium text-ink text-sm leading-4">{current.name}</span>
      <span className="truncate text-ink-faint text-xs leading-4">{current.kind}</span>
    </span>
  );
  if (accounts.length === 1) return <div className="flex items-center px-1.5">{name}</div>;

  return (
    <DropdownMenu
      align="start"
      className="min-w-56"
      trigger={
        <button
          type="button"
          className="flex w-full min-w-0 items-center justify-between gap-2 rounded-sm px-1.5 py-1 hover:bg-muted data-[state=open]:bg-muted"
        >
          <span className="sr-only">Switch account, now</span>
          {name}
          <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
        </button>
      }
    >
      <MenuLabel>Accounts</MenuLabel>
      <MenuChoice
        value={currentId}
        onValueChange={onSwitch}
        options={accounts.map((account) => ({
          value: account.id,
          label: account.name,
          icon: <Avatar name={account.name} shape="square" />,
        }))}
      />
    </DropdownMenu>
  );
}
