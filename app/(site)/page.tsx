import type { Metadata } from "next";
import { runtime } from "#lib/platform/runtime";
import { Capabilities } from "@/components/site/capabilities";
import { FirstCall } from "@/components/site/first-call";
import { Hero } from "@/components/site/hero";
import { Refusal } from "@/components/site/refusal";

export const metadata: Metadata = { title: { absolute: "Portico · API keys that know their limits" } };

// The sample names the address people reach us at: known when the server runs, not when it is built.
export const dynamic = "force-dynamic";

export default function LandingPage() {
  return (
    <>
      <Hero origin={runtime().env.PUBLIC_URL} />
      <Capabilities />
      <Refusal />
      <FirstCall />
    </>
  );
}
