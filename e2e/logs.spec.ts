import { expect, expectAccessible, expectNoSidewaysScroll, signUp, test } from "./fixtures.ts";
import { callGateway, callManyTimes, expectRecorded, openRoute } from "./gateway-steps.ts";
import { callWith, makeKey } from "./key-steps.ts";

test("a call through the gateway appears within 3 seconds, and opens to what was decided about it", async ({
  page,
  baseURL,
}) => {
  await signUp(page);
  const { key, id } = await makeKey(page, { name: "Caller" });
  await page.goto("/logs");
  await expect(page.getByRole("heading", { name: "No requests in the last 24 hours" })).toBeVisible();
  await expect(page.getByRole("region", { name: "A call" })).toContainText("$PORTICO_API_KEY");

  const { status, requestId } = await callGateway(baseURL, key);
  expect(status).toBe(200);
  const row = page.getByRole("row").filter({ hasText: openRoute });
  await expect(row).toBeVisible({ timeout: 3_000 });
  await expect(row).toContainText("200");
  await expect(row).toContainText("Caller");

  await row.getByRole("link", { name: `GET ${openRoute}` }).click();
  await expect(page).toHaveURL(new RegExp(`request=${requestId}`));
  const sheet = page.getByRole("dialog", { name: `GET ${openRoute}` });
  await expect(sheet.getByText("The API key is good")).toBeVisible();
  await expect(sheet.getByText(/59 of 60 calls per 60 s left/)).toBeVisible();
  await expect(sheet.getByText(/Answered 200 after \d+ ms/)).toBeVisible();
  await expect(sheet.getByText(requestId)).toBeVisible();
  await expect(sheet.getByRole("link", { name: "Caller" })).toHaveAttribute("href", `/keys/${id}`);
  const curl = sheet.getByRole("region", { name: "curl" });
  await expect(curl).toContainText(`${openRoute}'`);
  await expect(curl).toContainText('-H "X-API-Key: $PORTICO_API_KEY"');
  await expect(sheet).not.toContainText(key);
  await expectAccessible(page, "a request that was answered");
});

test("a refused call says at which check, why, and what to do", async ({ page, baseURL }) => {
  await signUp(page);
  const { key } = await makeKey(page, { name: "Tight", rate_limit_per_minute: 1 });
  expect((await callGateway(baseURL, key)).status).toBe(200);
  const { status, requestId } = await callGateway(baseURL, key);
  expect(status).toBe(429);
  await expectRecorded(page, requestId);

  await page.goto(`/logs?request=${requestId}`);
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByText("RATE_LIMIT_EXCEEDED")).toBeVisible();
  const refused = sheet.getByRole("listitem").filter({ hasText: "Refused:" });
  await expect(refused).toHaveCount(1);
  await expect(refused).toContainText("1 calls per 60 s are used up");
  await expect(refused.getByRole("link", { name: "About this error" })).toHaveAttribute(
    "href",
    "/docs/errors/RATE_LIMIT_EXCEEDED",
  );
  await expectAccessible(page, "a request that was refused");
  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page, "a request that was refused");
});

test("filters stand in the URL, survive a reload, and an empty result says how to get back", async ({
  page,
  baseURL,
}) => {
  await signUp(page);
  const { key } = await makeKey(page, { name: "Tight", rate_limit_per_minute: 1 });
  await callGateway(baseURL, key);
  const { requestId } = await callGateway(baseURL, key);
  await expectRecorded(page, requestId);

  await page.goto("/logs");
  const rows = page.getByRole("table", { name: "Requests, newest first" }).getByRole("row");
  await expect(rows).toHaveCount(3); // its head among them
  await page.getByRole("combobox", { name: "Status" }).selectOption("4xx");
  await expect(page).toHaveURL(/status=4xx/);
  await expect(rows).toHaveCount(2);
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("4xx");
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText("RATE_LIMIT_EXCEEDED");

  await page.getByRole("searchbox").fill("/nothing/like/this");
  await expect(page.getByRole("heading", { name: "No request matches" })).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(rows).toHaveCount(3);
  await expect(page).toHaveURL(/\/logs$/);

  await page.getByRole("searchbox").fill("/api/v1/cust");
  await expect(rows).toHaveCount(3);
  await page.getByRole("searchbox").fill(requestId);
  await expect(rows).toHaveCount(2);
});

test("calls of the management API are there when they are asked for", async ({ page, baseURL }) => {
  await signUp(page);
  const { key } = await makeKey(page, { name: "Caller" });
  await callWith(baseURL, key);
  await page.goto("/logs");
  await expect(page.getByRole("heading", { name: "No requests in the last 24 hours" })).toBeVisible();
  await page.getByRole("checkbox", { name: "Include management API" }).check();
  await expect(page).toHaveURL(/management=true/);
  await expect(page.getByRole("row").filter({ hasText: "/api/v1/api-management/whoami" })).toHaveCount(1);
});

test("a request is opened and left by keyboard, and one goes on to the next from it", async ({ page, baseURL }) => {
  await signUp(page);
  const { key } = await makeKey(page, { name: "Caller" });
  const older = await callGateway(baseURL, key);
  const newer = await callGateway(baseURL, key);
  await expectRecorded(page, newer.requestId);
  await page.goto("/logs");
  const links = page.getByRole("link", { name: `GET ${openRoute}` });
  await expect(links).toHaveCount(2);
  await links.first().focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`request=${newer.requestId}`));
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page).toHaveURL(new RegExp(`request=${older.requestId}`));
  await expect(page.getByRole("dialog").getByText(older.requestId)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page).toHaveURL(/\/logs$/);
  await expect(links.last()).toBeFocused(); // of the request one looked at last
});

test("somebody else's request and no request are the same: not there", async ({ page, browser, baseURL, console }) => {
  console.allow(/404/);
  await signUp(page);
  const { key } = await makeKey(page, { name: "Caller" });
  const { requestId } = await callGateway(baseURL, key);
  await expectRecorded(page, requestId);
  await page.goto("/logs?request=req_00000000000000000000");
  await expect(page.getByRole("heading", { name: "No such request" })).toBeVisible();

  const stranger = await (await browser.newContext()).newPage();
  await signUp(stranger);
  await stranger.goto(`/logs?request=${requestId}`);
  await expect(stranger.getByRole("heading", { name: "No such request" })).toBeVisible();
  await stranger.context().close();
});

test("more requests than a page are turned through by cursor, and back", async ({ page, baseURL }) => {
  await signUp(page);
  const { key } = await makeKey(page, { name: "Caller", rate_limit_per_minute: 100 });
  await callManyTimes(baseURL, key, 52);
  await page.goto("/logs");
  const rows = page.getByRole("table", { name: "Requests, newest first" }).getByRole("row");
  await expect(rows).toHaveCount(51);
  await page.getByRole("button", { name: "Next" }).click();
  await expect(rows).toHaveCount(3);
  await expect(page.getByRole("button", { name: "Pause" })).toBeHidden();
  await page.reload();
  await expect(rows).toHaveCount(3);
  await page.getByRole("button", { name: "Previous" }).click();
  await expect(rows).toHaveCount(51);
});

test("a failed refresh keeps the requests that were read, and says so", async ({ page, baseURL, console }) => {
  console.allow(/503/);
  await signUp(page);
  const { key } = await makeKey(page, { name: "Caller" });
  const { requestId } = await callGateway(baseURL, key);
  await expectRecorded(page, requestId);
  await page.goto("/logs");
  const row = page.getByRole("row").filter({ hasText: openRoute });
  await expect(row).toBeVisible();
  const answer = { error_code: "AUTH_BACKEND_UNAVAILABLE", detail: "Try again shortly.", request_id: "req_told" };
  await page.route("**/usage-logs?**", (route) => route.fulfill({ status: 503, json: answer }));
  await expect(page.getByText("The requests could not be read again")).toBeVisible();
  await expect(page.getByText("req_told")).toBeVisible();
  await expect(row).toBeVisible();
  await page.unroute("**/usage-logs?**");
  await expect(page.getByText("The requests could not be read again")).toBeHidden();
});
