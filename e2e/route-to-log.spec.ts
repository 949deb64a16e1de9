import { expect, signIn, test } from "./fixtures.ts";
import { callGateway } from "./gateway-steps.ts";
import { makeKey } from "./key-steps.ts";
import { uniqueName } from "./operator-steps.ts";

const seenWithinMs = 3_000;

test("a route is created, called a second later, and its call is in the log within 3 seconds with what was decided", async ({
  page,
  baseURL,
}) => {
  await signIn(page, "operator@portico.localhost");
  const path = `/${uniqueName("todo-list")}`;
  await page.goto("/operator/gateways");
  await page.getByRole("link", { name: "Demo Networks API" }).click();
  await page.getByRole("button", { name: "Create route" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("textbox", { name: "Path" }).fill(`${path}/*`);
  await sheet.getByRole("combobox", { name: "Service" }).selectOption({ label: "To-dos" });
  await sheet.getByRole("button", { name: "GET", exact: true }).click();
  await sheet.getByRole("checkbox", { name: "Strip the prefix" }).check();
  await sheet.getByRole("button", { name: "Create route" }).click();
  await expect(sheet).toBeHidden();
  await expect(page.getByRole("row").filter({ hasText: `${path}/*` })).toBeVisible();

  const { id, key } = await makeKey(page, { name: "From route to log" });
  let requestId = "";
  await expect(async () => {
    const call = await callGateway(baseURL, key, `${path}/todos/1`);
    expect(call.status).toBe(200);
    requestId = call.requestId;
  }).toPass({ timeout: 1_000, intervals: [50] });

  await page.goto(`/logs?search=${path}`);
  const row = page
    .getByRole("row")
    .filter({ hasText: `${path}/todos/1` })
    .first();
  await expect(row).toBeVisible({ timeout: seenWithinMs });
  await page.goto(`/logs?request=${requestId}`);
  const trace = page.getByRole("dialog", { name: `GET ${path}/todos/1` });
  for (const said of ["The API key is good", "calls per 60 s left", "Answered 200 after"]) {
    await expect(trace.getByText(said)).toBeVisible();
  }
  await expect(trace.getByText(`${path}/*`).first()).toBeVisible();
  await expect(trace.getByRole("link", { name: "From route to log" })).toHaveAttribute("href", `/keys/${id}`);
});
