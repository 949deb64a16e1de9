import { expect, signIn, signUp, test } from "./fixtures.ts";
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
