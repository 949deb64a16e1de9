import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import { api } from "./key-steps.ts";

/** A route of the demo data that any account may read with a key. */
export const openRoute = "/api/v1/customers/me/services";

export interface GatewayCall {
  status: number;
  requestId: string;
}

/** Calls through the gateway as a program does, on the portal's own port: no browser, no cookie. */
export async function callGateway(baseURL: string | undefined, key: string, path = openRoute): Promise<GatewayCall> {
  const response = await fetch(`${baseURL}${path}`, { headers: { "X-API-Key": key } });
  await response.arrayBuffer();
  return { status: response.status, requestId: response.headers.get("x-request-id") ?? "" };
}

const shippedLimitMs = 3_000;

/** Until a request can be read back, as it can be a moment after its answer. */
export async function expectRecorded(page: Page, requestId: string): Promise<void> {
  await expect(async () => {
    expect((await page.request.get(`${api}/requests/${requestId}`)).status()).toBe(200);
  }).toPass({ timeout: shippedLimitMs });
}

/** A call a burst limit of the route would refuse is made a little later. */
export async function callManyTimes(baseURL: string | undefined, key: string, times: number): Promise<void> {
  for (let made = 0; made < times; made += 1) {
    expect((await callGateway(baseURL, key)).status).toBe(200);
    if (made % 20 === 19) await sleep(100);
  }
}
