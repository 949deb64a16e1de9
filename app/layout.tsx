import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { readTheme } from "@/components/layout/theme";

export const metadata: Metadata = {
  title: { default: "Portico", template: "%s · Portico" },
  description: "API keys, limits and usage for your API: a developer portal and the management API behind it.",
};

const chrome = { light: "#fafafc", dark: "#0a0b0e" }; // --canvas, for the browser's own bars

export async function generateViewport(): Promise<Viewport> {
  const theme = await readTheme();
  const system = (["light", "dark"] as const).map((one) => ({
    media: `(prefers-color-scheme: ${one})`,
    color: chrome[one],
  }));
  return { themeColor: theme === "system" ? system : chrome[theme] };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" data-theme={await readTheme()} className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body className="min-h-dvh">{children}</body>
    </html>
  );
}
