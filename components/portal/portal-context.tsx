"use client";

import { createContext, type ReactNode, useContext } from "react";

/** What every signed-in page may need to know and the server alone can tell. */
export interface Portal {
  /** Where the management API is reached: `https://portal.example/api/v1/api-management`. */
  apiUrl: string;
  can: {
    writeKeys: boolean;
    readAccounts: boolean;
    /** Makes keys for other accounts than the own one (resellers, operators). */
    manageAccounts: boolean;
    /** May give a key the admin permission. */
    grantAdmin: boolean;
    writeServices: boolean;
    writeGateways: boolean;
    writePartners: boolean;
    /** Decides which gateways the portal's own host serves (super admins). */
    serveOnPortal: boolean;
  };
  /** Calls per window of a key without limits of its own; null where there is no such window. */
  defaultRates: { minute: number | null; hour: number | null; day: number | null };
}

const PortalContext = createContext<Portal | null>(null);

export function PortalProvider({ portal, children }: { portal: Portal; children: ReactNode }) {
  return <PortalContext value={portal}>{children}</PortalContext>;
}

export function usePortal(): Portal {
  const portal = useContext(PortalContext);
  if (!portal) throw new Error("This component belongs inside the portal's layout.");
  return portal;
}
