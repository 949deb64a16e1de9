import { readFile } from "node:fs/promises";
import { expect, expectAccessible, signIn, signUp, test } from "./fixtures.ts";
import {
  callWith,
  chooseAction,
  confirmSaved,
  createKeyInDialog,
  expectRefusedWithinASecond,
  makeKey,
  shownSecret,
} from "./key-steps.ts";

test("a newcomer signs up, makes a key, calls with it, and the checklist turns green within 2 seconds", async ({
  page,
  baseURL,
}) => {
  await signUp(page);
  await expect(page.getByRole("heading", { name: "Make your first call" })).toBeVisible();
  const secret = await createKeyInDialog(page, "First key");
  await confirmSaved(page);
  await expect(page.getByText("Waiting for your first request")).toBeVisible();

  expect((await callWith(baseURL, secret)).status).toBe(200);
  await expect(page.getByText("Your first request has arrived.")).toBeVisible({ timeout: 2_000 });
  await expect(page.getByRole("heading", { name: "You are set up" })).toBeVisible();
});

test("a key over its limit is refused with headers and a sentence, and the portal explains it", async ({
  page,
  baseURL,
}) => {
  await signUp(page);
  await page.goto("/keys");
  const secret = await createKeyInDialog(page, "Tight key", () =>
    page.getByRole("textbox", { name: "Per minute" }).fill("5"),
  );
  await confirmSaved(page);

  for (let call = 1; call <= 5; call += 1) expect((await callWith(baseURL, secret)).status).toBe(200);
  const refused = await callWith(baseURL, secret);
  expect(refused).toMatchObject({ status: 429, code: "RATE_LIMIT_EXCEEDED" });
  expect(refused.detail).toMatch(/^Rate limit exceeded\. Try again in \d+ seconds?\.$/);
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    "x-ratelimit-limit": "5",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-window": "60",
    "retry-after": expect.stringMatching(/^\d+$/),
  });

  await page.goto("/overview");
  const refusals = page.locator("section").filter({ has: page.getByRole("heading", { name: "Recent refusals" }) });
  await expect(refusals.getByText("Rate limit exceeded")).toBeVisible();
  await expect(refusals.getByText(/5 calls per 60 s are used up/)).toBeVisible();
  await refusals.getByRole("link", { name: "Tight key" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tight key" })).toBeVisible();
  await expect(page.getByRole("meter", { name: "Per minute" })).toHaveAttribute("aria-valuetext", "5 of 5 calls");
  await expect(page.getByText("Used up. The next call is let in after")).toBeVisible();
  await expect(page.getByText("Rate limit exceeded")).toBeVisible();
});

test("the secret is shown once: closing asks, and afterwards it is nowhere in the browser", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signUp(page);
  await page.goto("/keys");
  const secret = await createKeyInDialog(page, "Shown once");
  const dialog = page.getByRole("dialog");
  const sample = dialog.getByRole("region", { name: "Try it" });
  await expect(sample).not.toContainText(secret);
  await dialog.getByRole("button", { name: "Show the key" }).click();
  await expect(sample).toContainText(secret);
  await expectAccessible(page, "the secret shown once");

  await page.keyboard.press("Escape");
  await expect(dialog.getByText("Have you saved the key?")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Back to the key" })).toBeFocused();
  await dialog.getByRole("button", { name: "Back to the key" }).click();

  await dialog.getByRole("button", { name: "Copy key" }).click();
  await expect(dialog.getByText("Copied", { exact: true }).first()).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();

  expect(page.url()).not.toContain(secret);
  expect(await page.content()).not.toContain(secret);
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain(secret);
  expect(await (await page.request.get("/keys")).text()).not.toContain(secret);
});

test("the .env download holds the key, and having it is having saved it", async ({ page }) => {
  await signUp(page);
  await page.goto("/keys");
  const secret = await createKeyInDialog(page, "Frankfurt & Sons");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download .env" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("frankfurt-sons.env");
  expect(await readFile(await download.path(), "utf8")).toBe(`PORTICO_API_KEY=${secret}\n`);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("after a rotation with overlap both secrets work, and the key's page tells that the old one is in use", async ({
  page,
  baseURL,
}) => {
  await signUp(page);
  const { id, key: old } = await makeKey(page, { name: "Rotating" });
  await page.goto("/keys");
  await chooseAction(page, "Rotating", "Rotate");
  await page.getByRole("radio", { name: "After 1 hour" }).click();
  await page.getByRole("button", { name: "Rotate key" }).click();
  await expect(page.getByRole("heading", { name: "Key rotated" })).toBeVisible();
  const fresh = await shownSecret(page);
  await confirmSaved(page);
  await expect(page.getByRole("button", { name: "Actions for Rotating" })).toBeFocused();

  await page.goto(`/keys/${id}`);
  await expect(page.getByText("Nothing calls with the old key any more")).toBeVisible();
  expect([(await callWith(baseURL, old)).status, (await callWith(baseURL, fresh)).status]).toEqual([200, 200]);
  await expect(page.getByText("Something still calls with the old key")).toBeVisible();

  await page.getByRole("button", { name: "Rotate" }).click();
  await page.getByRole("radio", { name: "Now" }).click();
  await page.getByRole("button", { name: "Rotate key" }).click();
  await expect(page.getByRole("heading", { name: "Key rotated" })).toBeVisible();
  const latest = await shownSecret(page);
  await expectRefusedWithinASecond(baseURL, fresh, "API_KEY_INVALID");
  await expectRefusedWithinASecond(baseURL, old, "API_KEY_INVALID");
  expect((await callWith(baseURL, latest)).status).toBe(200);
});

test("a disabled key is refused within a second and works again when enabled; a revoked one is final", async ({
  page,
  baseURL,
}) => {
  await signUp(page);
  const { key } = await makeKey(page, { name: "Worker" });
  expect((await callWith(baseURL, key)).status).toBe(200);
  await page.goto("/keys");
  const row = page.getByRole("row").filter({ hasText: "Worker" });

  await chooseAction(page, "Worker", "Disable");
  await page.getByRole("button", { name: "Disable key" }).click();
  await expect(row.getByRole("cell", { name: "Disabled" })).toBeVisible();
  await expectRefusedWithinASecond(baseURL, key, "API_KEY_DISABLED");

  await chooseAction(page, "Worker", "Enable");
  await expect(row.getByRole("cell", { name: "Active" })).toBeVisible();
  await expect.poll(async () => (await callWith(baseURL, key)).status).toBe(200);

  await page.reload();
  await chooseAction(page, "Worker", "Revoke");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByText(/Last used .+ in all/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Disable instead" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Revoke key" })).toBeDisabled();
  await dialog.getByRole("textbox").fill("Worker");
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await expect(row.getByRole("cell", { name: "Revoked" })).toBeVisible();
  await expectRefusedWithinASecond(baseURL, key, "API_KEY_REVOKED");

  await chooseAction(page, "Worker", "Delete");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete key" }).click();
  await expect(page.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
});

test("an edit changes name, limits and addresses, and refuses a wrong address at its field", async ({
  page,
  console,
}) => {
  console.allow(/422/);
  await signUp(page);
  const { id } = await makeKey(page, { name: "Before" });
  await page.goto(`/keys/${id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("After");
  await dialog.getByRole("textbox", { name: "Per hour" }).fill("77");
  const addresses = dialog.getByRole("textbox", { name: /Allowed IP addresses/ });
  await addresses.fill("203.0.113.0/24\nnonsense");
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(dialog.getByText(/“nonsense” must be an IPv4 or IPv6 address/)).toBeVisible();
  await expect(addresses).toBeFocused();
  await expect(addresses).toHaveAttribute("aria-invalid", "true");

  await addresses.fill("203.0.113.0/24");
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("heading", { level: 1, name: "After" })).toBeVisible();
  await expect(page.getByRole("meter", { name: "Per hour" })).toHaveAttribute("aria-valuemax", "77");
  await expect(page.getByText("203.0.113.0/24")).toBeVisible();
});

test("filters stand in the URL and survive a reload, and an empty result says how to get back", async ({ page }) => {
  await signUp(page);
  await makeKey(page, { name: "Alpha" });
  const { id } = await makeKey(page, { name: "Beta" });
  const { origin } = new URL(page.url());
  await page.request.post(`/api/v1/api-management/keys/${id}/disable`, { headers: { origin } });

  await page.goto("/keys");
  await page.getByRole("combobox", { name: "Status" }).selectOption("disabled");
  await expect(page).toHaveURL(/status=disabled/);
  await expect(page.getByRole("link", { name: "Alpha" })).toBeHidden();
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("disabled");
  await expect(page.getByRole("link", { name: "Beta" })).toBeVisible();

  await page.getByRole("searchbox").fill("alp");
  await expect(page).toHaveURL(/search=alp/);
  await expect(page.getByRole("heading", { name: "No key matches" })).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page.getByRole("link", { name: "Alpha" })).toBeVisible();
  await expect(page).toHaveURL(/\/keys$/);
  await expect(page.getByRole("searchbox")).toHaveValue("");
});

test("more keys than a page are turned through by cursor, and back", async ({ page }) => {
  await signUp(page);
  for (let number = 1; number <= 27; number += 1) await makeKey(page, { name: `Key ${number}` });
  await page.goto("/keys");
  await expect(page.getByRole("link", { name: "Key 27" })).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByRole("link", { name: "Key 2", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Next" })).toBeDisabled();
  await page.reload();
  await expect(page.getByRole("link", { name: "Key 1", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Previous" }).click();
  await expect(page.getByRole("link", { name: "Key 27" })).toBeVisible();
  await expect(page).toHaveURL(/\/keys$/);
});

test("a key is made with the keyboard alone, and focus returns to where it began", async ({ page }) => {
  await signUp(page);
  await makeKey(page, { name: "There already" });
  await page.goto("/keys");
  await page.getByRole("button", { name: "Create key" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("Typed");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "API key created" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Back to the key" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "I have saved it" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("button", { name: "Create key" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Typed" })).toBeVisible();
});

test("a reseller makes a key for a customer, who sees it; to strangers it is not there", async ({ page, browser }) => {
  const name = `For a customer ${Date.now()}`;
  await signIn(page, "reseller@portico.localhost");
  await page.goto("/keys");
  await createKeyInDialog(page, name, async () => {
    const account = page.getByRole("dialog").getByRole("combobox", { name: "Account" });
    await account.selectOption({ label: "Brightwater Labs (customer)" });
  });
  await confirmSaved(page);
  await expect(page.getByRole("row").filter({ hasText: name }).getByText("Brightwater Labs")).toBeVisible();
  const address = await page.getByRole("link", { name }).getAttribute("href");

  const customer = await (await browser.newContext()).newPage();
  await signIn(customer, "customer@portico.localhost");
  await customer.goto(address ?? "");
  await expect(customer.getByRole("heading", { level: 1, name })).toBeVisible();

  const stranger = await (await browser.newContext()).newPage();
  await signUp(stranger);
  await stranger.goto(address ?? "");
  await expect(stranger.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible();
  await customer.context().close();
  await stranger.context().close();
});
