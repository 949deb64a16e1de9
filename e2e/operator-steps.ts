import { expect, type Page } from "@playwright/test";
import { api } from "./key-steps.ts";

/** A name no other test of this run has: they share one tenant. */
export const uniqueName = (word: string): string => `${word}-${Date.now()}-${Math.floor(Math.random() * 1_000)}`;

/** Something made through the API by whoever is signed in. For what a test needs, not what it tests. */
async function make<T>(page: Page, path: string, body: Record<string, unknown>): Promise<T> {
  const { origin } = new URL(page.url());
  const response = await page.request.post(`${api}${path}`, { headers: { origin }, data: body });
  expect(response.status(), await response.text()).toBe(201);
  return response.json();
}

export const makeService = (page: Page, name: string) =>
  make<{ id: string; name: string }>(page, "/services", { name, base_url: "http://127.0.0.1:9" });

export const makeGateway = (page: Page, body: Record<string, unknown>) =>
  make<{ id: string; name: string }>(page, "/gateways", body);

export const makeRoute = (page: Page, gatewayId: string, body: Record<string, unknown>) =>
  make<{ id: string; path: string }>(page, `/gateways/${gatewayId}/routes`, body);
