import {
  ChartColumn,
  Handshake,
  KeyRound,
  LayoutDashboard,
  ScrollText,
  Server,
  SquareTerminal,
  UserRound,
  Waypoints,
} from "lucide-react";
import type { Permission } from "#lib/core/permissions";
import type { NavItem, NavSection } from "@/components/layout/navigation";

type GuardedItem = NavItem & { permission: Permission };

/** Everything the portal has, in the order it is shown, with the permission that opens it. */
const sections: readonly { title?: string; items: readonly GuardedItem[] }[] = [
  {
    items: [
      {
        href: "/overview",
        label: "Overview",
        icon: <LayoutDashboard aria-hidden="true" />,
        permission: "usage:read",
      },
      { href: "/keys", label: "API keys", icon: <KeyRound aria-hidden="true" />, permission: "keys:read" },
      { href: "/usage", label: "Usage", icon: <ChartColumn aria-hidden="true" />, permission: "usage:read" },
      { href: "/logs", label: "Logs", icon: <ScrollText aria-hidden="true" />, permission: "usage:read" },
      {
        href: "/docs/explorer",
        label: "API explorer",
        icon: <SquareTerminal aria-hidden="true" />,
        permission: "catalog:read",
      },
    ],
  },
  {
    title: "Operator",
    items: [
      {
        href: "/operator/services",
        label: "Services",
        icon: <Server aria-hidden="true" />,
        permission: "services:read",
      },
      {
        href: "/operator/gateways",
        label: "Gateways",
        icon: <Waypoints aria-hidden="true" />,
        permission: "gateways:read",
      },
      {
        href: "/operator/partners",
        label: "Partners",
        icon: <Handshake aria-hidden="true" />,
        permission: "partners:read",
      },
    ],
  },
  {
    title: "You",
    items: [{ href: "/profile", label: "Profile", icon: <UserRound aria-hidden="true" />, permission: "self:read" }],
  },
];

/** The navigation of somebody with these permissions; a section left without items is left out. */
export function navigationFor(permissions: readonly Permission[]): NavSection[] {
  return sections
    .map((section) => ({ ...section, items: section.items.filter((item) => permissions.includes(item.permission)) }))
    .filter((section) => section.items.length > 0);
}
