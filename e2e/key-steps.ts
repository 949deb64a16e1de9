import { setTimeout as sleep } from "node:timers/promises";
import { expect, type Page } from "@playwright/test";

export const api = "/api/v1/api-management";

export interface Called {
  status: number;
  code: string | undefined;
  detail: string | undefined;
  headers: Headers;
}

/** Calls with a key as a program does: no browser, no cookie. */
export async function callWith(baseURL: string | undefined, key: string): Promise<Called> {
  const response = await fetch(`${baseURL}${api}/whoami`, { headers: { "X-API-Key": key } });
  const body = await response.json();
  return { status: response.status, code: body.error_code, detail: body.detail, headers: response.headers };
}

const pushedLimitMs = 1_000;

/** A change of a key reaches every process within a second: a call that starts after it must be refused. */
export async function expectRefusedWithinASecond(baseURL: string | undefined, key: string, code: string) {
  await sleep(pushedLimitMs);
  expect((await callWith(baseURL, key)).code).toBe(code);
}

/** A key made through the API by whoever is signed in. For what a test needs, not what it tests. */
export async function makeKey(page: Page, body: Record<string, unknown>): Promise<{ id: string; key: string }> {
  const { origin } = new URL(page.url());
  const response = await page.request.post(`${api}/keys`, { headers: { origin }, data: body });
  expect(response.status()).toBe(201);
  return response.json();
}

/** Goes through the create dialog on the keys page and leaves it open at the secret, which it returns. */
export async function createKeyInDialog(page: Page, name: string, fill?: () => Promise<void>): Promise<string> {
  await page
    .getByRole("button", { name: /^Create (your first )?key$/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await fill?.();
  await dialog.getByRole("button", { name: "Create key" }).click();
  await expect(dialog.getByRole("heading", { name: "API key created" })).toBeVisible();
  return shownSecret(page);
}

/** The secret in the one dialog that shows it. */
export async function shownSecret(page: Page): Promise<string> {
  const secret = await page.getByRole("dialog").getByRole("textbox", { name: "API key" }).inputValue();
  expect(secret).toMatch(/^ak_[0-9A-Za-z]{32}$/);
  return secret;
}

/** Closes the dialog of a secret by saying that it is saved. */
export async function confirmSaved(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "I have saved it" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
}

/** Opens the row menu of a key and chooses from it. */
export async function chooseAction(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}
