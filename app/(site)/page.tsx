import type { Metadata } from "next";
import { headers } from "next/headers";
import { Capabilities } from "@/components/site/capabilities";
import { FirstCall } from "@/components/site/first-call";
import { Hero } from "@/components/site/hero";
import { originOf } from "@/components/site/origin";
import { Refusal } from "@/components/site/refusal";

export const metadata: Metadata = { title: { absolute: "Portico · API keys that know their limits" } };

export default async function LandingPage() {
  return (
    <>
      <Hero origin={originOf(await headers())} />
      <Capabilities />
      <Refusal />
      <FirstCall />
    </>
  );
}
