import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, settle, signIn, signUp, test } from "./fixtures.ts";
import { makeKey } from "./key-steps.ts";

const themes = ["light", "dark"] as const;

/** Opens an operation by what stands in its row, and its form. */
async function open(page: Page, row: RegExp) {
  const operation = page.locator(".opblock").filter({ has: page.getByRole("button", { name: row }) });
  await operation.getByRole("button", { name: row }).click();
  await operation.getByRole("button", { name: "Try it out" }).click();
  return operation;
}

async function execute(operation: Awaited<ReturnType<typeof open>>) {
  await operation.getByRole("button", { name: "Execute" }).click();
  const answer = operation.locator(".live-responses-table");
  await expect(answer).toBeVisible();
  return answer;
}

/** In both themes, wide, on a phone and on the narrowest one. */
async function inspect(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      await settle(page);
      await expectAccessible(page, `${name}, ${colorScheme}, ${width} px`);
    }
  }
  await page.setViewportSize({ width: 320, height: 900 });
  await expectNoSidewaysScroll(page, name);
  await page.setViewportSize({ width: 1440, height: 900 });
}

test("a visitor reads about the management API, finds an operation, and is asked to sign in to try it", async ({
  page,
}) => {
  await page.goto("/docs/explorer");
  await expect(page).toHaveTitle("API explorer · Portico");
  await expect(page.getByText("Sign in to try it")).toBeVisible();
  const rows = page.locator(".opblock");
  await expect(rows.first()).toBeVisible();
  await page.getByRole("searchbox", { name: /Find an operation/ }).fill("whoami");
  await expect(rows).toHaveCount(1);
  await rows.getByRole("button", { name: /whoami/ }).click();
  await expect(page).toHaveURL(/#\/Identity\/whoAmI$/);
  await expect(rows.getByRole("link", { name: "API_KEY_REVOKED" })).toHaveAttribute(
    "href",
    "/docs/errors/API_KEY_REVOKED",
  );
  await expect(page.getByRole("button", { name: "Try it out" })).toHaveCount(0);
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/return_to=\/docs\/explorer/);
});

test("somebody without a key is led to make one", async ({ page }) => {
  await signUp(page);
  await page.goto("/docs/explorer");
  await expect(page.getByText("No active key")).toBeVisible();
  await expect(page.getByRole("link", { name: "Create a key" })).toHaveAttribute("href", "/keys");
});

test("a call of the management API is made as the chosen key, with its limits, and no key ever reaches the browser", async ({
  page,
}) => {
  test.slow();
  await signIn(page, "customer@portico.localhost");
  const older = await makeKey(page, {
    name: "Older",
    rate_limit_per_minute: 7,
    rate_limit_per_hour: null,
    rate_limit_per_day: null,
  });
  const newest = await makeKey(page, { name: "Newest" });
  const sent: string[] = [];
  page.on("request", (request) =>
    sent.push(`${request.url()} ${JSON.stringify(request.headers())} ${request.postData()}`),
  );

  await page.getByRole("navigation").getByRole("link", { name: "API explorer" }).click();
  const key = page.getByRole("combobox", { name: "As key" });
  await expect(key).toHaveValue(newest.id);
  await key.selectOption(older.id);
  await expect(page).toHaveURL(new RegExp(`key=${older.id}`));

  const operation = await open(page, /whoami/);
  const answer = await execute(operation);
  await expect(answer.getByRole("cell", { name: "200", exact: true })).toBeVisible();
  await expect(answer).toContainText(older.id);
  await expect(answer).toContainText("x-ratelimit-limit: 7");
  await expect(answer).toContainText("x-ratelimit-remaining: 6");

  const curl = operation.getByRole("region", { name: "curl" });
  await expect(curl).toContainText('-H "X-API-Key: $PORTICO_API_KEY"');
  await expect(curl).toContainText("/api/v1/api-management/whoami'");
  const content = await page.content();
  const seen = content + sent.join("\n").replaceAll(/"cookie":"[^"]*"/g, "");
  for (const secret of [older.key, newest.key]) expect(seen).not.toContain(secret);
  expect(seen).not.toMatch(/eyJ[\w-]+\.eyJ/); // nor what stands for one
  await inspect(page, "an answered try");
});

test("a call goes through a gateway, counts for the key, and is seen in the logs", async ({ page }) => {
  await signIn(page, "customer@portico.localhost");
  const { id } = await makeKey(page, { name: "Through the gateway" });
  await page.goto("/docs/explorer");
  await page.getByRole("combobox", { name: "API" }).selectOption({ label: "Demo Networks Partner API" });
  await expect(page).toHaveURL(/api=gw_/);
  const operation = await open(page, /^GET \/users\/\{path\}/);
  await operation.getByPlaceholder("path").fill("1");
  const answer = await execute(operation);
  await expect(answer.getByRole("cell", { name: "200", exact: true })).toBeVisible();
  await expect(answer).toContainText(/x-ratelimit-remaining: \d+/);
  await expect(operation.getByRole("region", { name: "curl" })).toContainText("/users/1'");

  await page.goto(`/logs?key=${id}`);
  await expect(page.getByRole("row").filter({ hasText: "/users/1" }).first()).toBeVisible();
});

test("a deep link opens its operation; an address of yesterday falls back to what there is", async ({ page }) => {
  await page.goto("/docs/explorer?api=gw_gone&key=key_gone#/Identity/whoAmI");
  await expect(page.locator(".opblock.is-open").getByRole("button", { name: /whoami/ })).toBeVisible();
});

test("every part of a form is accessible", async ({ page }) => {
  test.slow();
  await signIn(page, "operator@portico.localhost");
  await makeKey(page, { name: "Looked at" });
  await page.goto("/docs/explorer");
  const creation = await open(page, /POST \/api\/v1\/api-management\/keys Create/);
  await creation.getByRole("tab", { name: "Schema" }).first().click();
  await open(page, /GET \/api\/v1\/api-management\/keys List/);
  await inspect(page, "two open forms");
});
