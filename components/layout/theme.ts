import { cookies } from "next/headers";
import { type Theme, themeCookie, themes } from "@/components/layout/theme-names";

/** The theme this browser chose. Read on the server, so that the first paint is already right. */
export async function readTheme(): Promise<Theme> {
  const chosen = (await cookies()).get(themeCookie)?.value;
  return themes.find((theme) => theme === chosen) ?? "system";
}
