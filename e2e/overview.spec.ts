import { expect, signIn, signUp, test } from "./fixtures.ts";
import { callGateway, expectRecorded } from "./gateway-steps.ts";
import { callWith, makeKey } from "./key-steps.ts";

test("a visitor is sent to sign in, and then to where they wanted to go", async ({ page }) => {
  await page.goto("/keys");
  await expect(page).toHaveURL(/\/sign-in\?return_to=%2Fkeys$/);
  await page.getByRole("textbox", { name: "E-mail address" }).fill("customer@portico.localhost");
  await page.getByLabel("Password", { exact: true }).fill("portico-demo");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
});

test("signing out ends the session: the page behind the back button is the sign-in page", async ({ page }) => {
  await signIn(page, "customer@portico.localhost");
  await page.getByRole("button", { name: "Account of Carla Customer" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in**");
  await page.goto("/overview");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a reseller sees what its customers' keys were refused; a stranger sees nothing of it", async ({
  page,
  baseURL,
  browser,
}) => {
  const name = `Refused ${Date.now()}`;
  await signIn(page, "customer@portico.localhost");
  const { key } = await makeKey(page, { name, rate_limit_per_minute: 1 });
  expect((await callWith(baseURL, key)).status).toBe(200);
  expect((await callWith(baseURL, key)).status).toBe(429);

  const reseller = await (await browser.newContext()).newPage();
  await signIn(reseller, "reseller@portico.localhost");
  await expect(reseller.getByText("your account and your customers")).toBeVisible();
  await expect(reseller.getByRole("main").getByRole("link", { name }).first()).toBeVisible();

  const stranger = await (await browser.newContext()).newPage();
  await signUp(stranger);
  await expect(stranger.getByText("Nothing was refused")).toBeVisible();
  await expect(stranger.getByRole("link", { name })).toHaveCount(0);
  await reseller.context().close();
  await stranger.context().close();
});

test("the checklist names a real route, turns green within 2 seconds of the call, and opens that request", async ({
  page,
  baseURL,
}) => {
  await signUp(page);
  const { key } = await makeKey(page, { name: "First key" });
  await page.reload();
  const sample = page.getByRole("region", { name: "First call" });
  await expect(sample).toContainText("$PORTICO_API_KEY");
  const path = new URL(/"(http[^"]+)"/.exec((await sample.textContent()) ?? "")?.[1] ?? "").pathname;
  expect(path, "a route of the gateway, not of the portal").not.toMatch(/^\/api\/v1\/api-management/);
  await expect(page.getByText("Waiting for your first request")).toBeVisible();

  const { status, requestId } = await callGateway(baseURL, key, path);
  expect(status).toBe(200);
  await expect(page.getByText("Your first request has arrived.")).toBeVisible({ timeout: 2_000 });
  await expect(page.getByRole("heading", { name: "No requests in 30 days" })).toBeHidden();
  await page.getByRole("link", { name: "See it in Logs" }).click();
  await expect(page).toHaveURL(new RegExp(`request=${requestId}`));
  await expect(page.getByRole("dialog").getByText("The API key is good")).toBeVisible();
});

test("a refusal leads to what was decided about it, and all of them to the log", async ({ page, baseURL }) => {
  await signUp(page);
  const { key } = await makeKey(page, { name: "Tight", rate_limit_per_minute: 1 });
  await callGateway(baseURL, key);
  const { requestId } = await callGateway(baseURL, key);
  await expectRecorded(page, requestId);
  await page.reload();
  await page.getByRole("link", { name: "Rate limit exceeded" }).click();
  await expect(page).toHaveURL(new RegExp(`/logs.*request=${requestId}`));
  await expect(page.getByRole("dialog").getByText("1 calls per 60 s are used up")).toBeVisible();
  await page.goto("/overview");
  await page.getByRole("link", { name: "See all in Logs" }).click();
  await expect(page).toHaveURL(/\/logs\?.*status=4xx/);
  await expect(page.getByRole("table").getByRole("row").filter({ hasText: "RATE_LIMIT_EXCEEDED" })).toHaveCount(1);
});

test("a failed refresh keeps the figures of the overview, and says so", async ({ page, console }) => {
  console.allow(/503/);
  await page.clock.install();
  await signIn(page, "customer@portico.localhost");
  await page.goto("/overview");
  await expect(page.getByText("Requests, 24 hours")).toBeVisible();
  await page.route("**/api/v1/api-management/stats**", (route) =>
    route.fulfill({ status: 503, json: { error_code: "AUTH_BACKEND_UNAVAILABLE", detail: "Try again shortly." } }),
  );
  await page.clock.runFor(30_000);
  await expect(page.getByText("The figures could not be read again")).toBeVisible();
  await expect(page.getByText("Requests, 24 hours")).toBeVisible();
});

test("a read that fails says so with its request id, and a retry brings the figures back", async ({
  page,
  console,
}) => {
  console.allow(/503/);
  await signIn(page, "customer@portico.localhost");
  await page.goto("/keys");
  await page.route("**/api/v1/api-management/keys?**", (route) =>
    route.fulfill({
      status: 503,
      json: { error_code: "AUTH_BACKEND_UNAVAILABLE", detail: "Try again shortly.", request_id: "req_told" },
    }),
  );
  await page.getByRole("combobox", { name: "Status" }).selectOption("revoked");
  await expect(page.getByText("The API keys could not be read")).toBeVisible();
  await expect(page.getByText("req_told")).toBeVisible();
  await page.unroute("**/api/v1/api-management/keys?**");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("The API keys could not be read")).toBeHidden();
});

test("the chosen theme is in the first byte of the next page", async ({ page }) => {
  await signIn(page, "customer@portico.localhost");
  await page.getByRole("radio", { name: "Dark theme" }).first().check();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await (await page.request.get("/keys")).text()).toContain('data-theme="dark"');
});
