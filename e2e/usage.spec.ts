import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, signIn, signUp, test } from "./fixtures.ts";
import { callGateway, expectRecorded, openRoute } from "./gateway-steps.ts";
import { api, makeKey } from "./key-steps.ts";

/** A new account that made three calls: two answered, one refused for its limit. */
async function withTraffic(page: Page, baseURL: string | undefined): Promise<string> {
  await signUp(page);
  const { key, id } = await makeKey(page, { name: "Two a minute", rate_limit_per_minute: 2 });
  for (const expected of [200, 200]) expect((await callGateway(baseURL, key)).status).toBe(expected);
  const refused = await callGateway(baseURL, key);
  expect(refused.status).toBe(429);
  await expectRecorded(page, refused.requestId);
  return id;
}

/** The figure under a label. */
const tile = (page: Page, label: string) =>
  page
    .locator("dl > div")
    .filter({ has: page.getByText(label, { exact: true }) })
    .locator("dd");

const chart = (page: Page, title: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) });

test("the figures are those of the API", async ({ page, baseURL }) => {
  await withTraffic(page, baseURL);
  await page.goto("/usage");
  const { totals } = await (await page.request.get(`${api}/analytics?time_range=24h`)).json();
  expect(totals).toMatchObject({ total_requests: 3, failed_requests: 1, error_rate: 33.33 });
  await expect(tile(page, "Requests")).toContainText("3");
  await expect(tile(page, "Error rate")).toContainText("33.33%");
  await expect(chart(page, "Requests").getByRole("listitem").filter({ hasText: "Succeeded" })).toContainText("2");
  await expect(chart(page, "Errors").getByRole("listitem").filter({ hasText: "429" })).toContainText("1");

  await chart(page, "Requests").getByRole("radio", { name: "Table" }).click();
  const cells = chart(page, "Requests").getByRole("row").last().getByRole("cell");
  await expect(cells).toHaveText(["2", "1"]);
});

test("a group leads to its requests in the log, with the same filters", async ({ page, baseURL }) => {
  await withTraffic(page, baseURL);
  await page.goto("/usage");
  await page.getByRole("combobox", { name: "Group by" }).selectOption("status_code");
  await expect(page).toHaveURL(/group=status_code/);
  const groups = page.getByRole("table", { name: "Requests by status" });
  await expect(groups.getByRole("row").filter({ hasText: "200" })).toContainText("66.67%");
  await groups.getByRole("link", { name: "429" }).click();
  await expect(page).toHaveURL(/\/logs\?.*status=429/);
  const rows = page.getByRole("table", { name: "Requests, newest first" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText("RATE_LIMIT_EXCEEDED");
});

test("a bar leads to the requests of its time", async ({ page, baseURL }) => {
  await withTraffic(page, baseURL);
  await page.goto("/usage");
  const bar = chart(page, "Requests").locator(".recharts-bar-rectangle path").last();
  await bar.hover();
  await expect(chart(page, "Requests").locator(".recharts-tooltip-wrapper").getByText("Failed")).toBeVisible();
  await bar.click();
  await expect(page).toHaveURL(/\/logs\?.*from=/);
  await expect(page.getByRole("row").filter({ hasText: openRoute })).toHaveCount(3);
});

test("range, group and filters stand in the URL and survive a reload", async ({ page, baseURL }) => {
  const keyId = await withTraffic(page, baseURL);
  await page.goto("/usage");
  await page.getByRole("radio", { name: "7 days" }).click();
  await page.getByRole("combobox", { name: "Key" }).selectOption({ label: "Two a minute" });
  await page.getByRole("combobox", { name: "Group by" }).selectOption("route");
  await page.getByRole("checkbox", { name: "Compare with the time before" }).uncheck();
  await expect(page).toHaveURL(new RegExp(`range=7d.*key=${keyId}.*group=route.*compare=false`));
  await page.reload();
  await expect(page.getByRole("radio", { name: "7 days" })).toBeChecked();
  await expect(page.getByRole("combobox", { name: "Key" })).toHaveValue(keyId);
  await expect(page.getByRole("table", { name: "Requests by route" }).getByRole("row")).toHaveCount(2);

  await page.getByRole("combobox", { name: "Status" }).selectOption("5xx");
  await expect(page.getByRole("heading", { name: "No request matches" })).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(tile(page, "Requests")).toContainText("3");
});

test("a time of one's own is chosen to the minute", async ({ page, baseURL }) => {
  await withTraffic(page, baseURL);
  await page.goto("/usage");
  await page.getByRole("radio", { name: "Custom" }).click();
  await expect(page).toHaveURL(/from=/);
  await expect(tile(page, "Requests")).toContainText("3");
  const to = page.getByLabel("To, UTC; now when empty");
  const yesterday = new Date(Date.now() - 20 * 3_600_000).toISOString().slice(0, 16);
  await to.fill(yesterday);
  await to.blur();
  await expect(page).toHaveURL(/to=/);
  await expect(page.getByRole("heading", { name: "No request matches" })).toBeVisible();
  await page.reload();
  await expect(to).toHaveValue(yesterday);
});

test("an account without traffic is told how to make a call", async ({ page }) => {
  await signUp(page);
  await page.goto("/usage");
  await expect(page.getByRole("heading", { name: "No requests in the last 24 hours" })).toBeVisible();
  await expect(page.getByRole("region", { name: "A call" })).toContainText("curl -i");
});

test("the export holds the groups that are shown", async ({ page, baseURL }) => {
  await withTraffic(page, baseURL);
  await page.goto("/usage?group=status_code");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("portico-usage-status_code.csv");
  const [head, ...lines] = (await readFile(await download.path(), "utf8")).trim().split(/\r?\n/);
  expect(head).toContain("status_code");
  expect(lines).toHaveLength(2);
});

test("a failed refresh keeps the last figures, and says so", async ({ page, baseURL, console }) => {
  console.allow(/503/);
  await withTraffic(page, baseURL);
  await page.clock.install();
  await page.goto("/usage");
  await expect(tile(page, "Requests")).toContainText("3");
  const answer = { error_code: "AUTH_BACKEND_UNAVAILABLE", detail: "Try again shortly.", request_id: "req_told" };
  await page.route("**/analytics?**", (route) => route.fulfill({ status: 503, json: answer }));
  await page.clock.runFor(30_000);
  await expect(page.getByText("The figures could not be read again")).toBeVisible();
  await expect(tile(page, "Requests")).toContainText("3");
  await page.unroute("**/analytics?**");
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByText("The figures could not be read again")).toBeHidden();
});

test("who sees several accounts groups by account; who has one is not asked for it", async ({
  page,
  baseURL,
  browser,
}) => {
  const newcomer = await (await browser.newContext()).newPage();
  await withTraffic(newcomer, baseURL);
  await newcomer.goto("/usage");
  await expect(tile(newcomer, "Requests")).toContainText("3");
  await expect(newcomer.getByRole("combobox", { name: "Account" })).toHaveCount(0);
  await newcomer.context().close();

  await signIn(page, "operator@portico.localhost");
  await page.goto("/usage?group=account");
  await expect(page.getByRole("combobox", { name: "Account" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Requests by account" }).getByRole("row").nth(1)).toBeVisible();
});

test("the key list shows 30 days of each key, in numbers for those who cannot see them", async ({ page, baseURL }) => {
  await withTraffic(page, baseURL);
  await makeKey(page, { name: "Idle" });
  await page.goto("/keys");
  await expect(
    page.getByRole("row").filter({ hasText: "Two a minute" }).getByRole("img", {
      name: "3 requests in 30 days, 1 failed, 3 on the busiest day",
    }),
  ).toBeVisible();
  const idle = page.getByRole("row").filter({ hasText: "Idle" }).getByRole("img");
  await expect(idle).toHaveAccessibleName("No requests in 30 days");
});
