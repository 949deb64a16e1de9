import { expect, signIn, test } from "./fixtures.ts";
import { chooseAction } from "./key-steps.ts";
import { makeGateway, makeRoute, makeService, uniqueName } from "./operator-steps.ts";

test("an operator creates a gateway and a route, told while typing what the path means and what is wrong with it", async ({
  page,
  console,
}) => {
  console.allow(/422/);
  await signIn(page, "operator@portico.localhost");
  const service = await makeService(page, uniqueName("routed"));
  await page.goto("/operator/gateways");
  await page.getByRole("button", { name: "Create gateway" }).click();
  const sheet = page.getByRole("dialog");
  const gatewayName = uniqueName("Public API");
  await sheet.getByRole("textbox", { name: "Name" }).fill(gatewayName);
  const domain = `${uniqueName("api")}.isp.example`;
  await sheet.getByRole("textbox", { name: /Domains/ }).fill("https://wrong");
  await sheet.getByRole("button", { name: "Create gateway" }).click();
  await expect(sheet.getByText(/“https:\/\/wrong” must be a host name without port/)).toBeVisible();
  await sheet.getByRole("button", { name: "Remove https://wrong" }).click();
  await sheet.getByRole("textbox", { name: /Domains/ }).fill(domain);
  await page.keyboard.press("Enter");
  await expect(sheet.getByRole("button", { name: `Remove ${domain}` })).toBeVisible();
  await expect(sheet.getByText("A super admin decides that.")).toBeVisible();
  await sheet.getByRole("button", { name: "Create gateway" }).click();
  await expect(page.getByRole("heading", { level: 1, name: gatewayName })).toBeVisible();
  await expect(page.getByText(domain).first()).toBeVisible();

  await page.getByRole("button", { name: "Create route" }).click();
  const path = sheet.getByRole("textbox", { name: "Path" });
  await path.fill("users/*");
  await expect(sheet.getByText(/Path must be a path such as/)).toBeVisible();
  await path.fill("/users/*");
  await expect(sheet.getByText("Matches /users and /users/42 — not /users2.")).toBeVisible();
  await sheet.getByRole("combobox", { name: "Service" }).selectOption(service.id);
  await expect(sheet.getByText("/users/42 becomes http://127.0.0.1:9/users/42.")).toBeVisible();
  await sheet.getByRole("button", { name: "GET", exact: true }).click();
  await expect(sheet.getByText(/^GET and HEAD calls/)).toBeVisible();
  await sheet.getByRole("checkbox", { name: "Strip the prefix" }).check();
  await expect(sheet.getByText("/users/42 becomes http://127.0.0.1:9/42.")).toBeVisible();
  await sheet.getByRole("button", { name: "Create route" }).click();
  await expect(sheet).toBeHidden();
  const row = page.getByRole("row").filter({ hasText: "/users/*" });
  await expect(row.getByRole("cell", { name: "GET", exact: true })).toBeVisible();
  await expect(row.getByRole("link", { name: service.name })).toBeVisible();
});

test("a path of the portal is refused at its field on a gateway the portal serves", async ({ page, console }) => {
  console.allow(/422/);
  await signIn(page, "admin@portico.localhost");
  const service = await makeService(page, uniqueName("greedy"));
  const gateway = await makeGateway(page, { name: uniqueName("On the portal"), serve_on_portal: true });
  await page.goto(`/operator/gateways/${gateway.id}`);
  await page.getByRole("button", { name: "Create route" }).click();
  const sheet = page.getByRole("dialog");
  const path = sheet.getByRole("textbox", { name: "Path" });
  await path.fill("/sign-in");
  await sheet.getByRole("combobox", { name: "Service" }).selectOption(service.id);
  await sheet.getByRole("button", { name: "Create route" }).click();
  await expect(path).toHaveAttribute("aria-invalid", "true");
  await expect(path).toBeFocused();
});

test("policies of the three kinds are made with forms of their own, and a route takes one", async ({ page }) => {
  await signIn(page, "operator@portico.localhost");
  const service = await makeService(page, uniqueName("guarded"));
  const gateway = await makeGateway(page, { name: uniqueName("Guarded") });
  await makeRoute(page, gateway.id, { path: "/guarded/*", service_id: service.id });
  await page.goto(`/operator/gateways/${gateway.id}`);
  const sheet = page.getByRole("dialog");
  const create = async (kind: string, name: string) => {
    await page.getByRole("button", { name: "Create policy" }).click();
    await page.getByRole("menuitem", { name: kind }).click();
    await sheet.getByRole("textbox", { name: "Name" }).fill(name);
  };

  const limit = uniqueName("Tight");
  await create("Rate limit", limit);
  await sheet.getByRole("button", { name: "Create policy" }).click();
  await expect(sheet.getByText("Calls must be a whole number.")).toBeVisible();
  await sheet.getByRole("textbox", { name: "Calls" }).fill("10");
  await sheet.getByRole("button", { name: "Add limit" }).click();
  await sheet.getByRole("textbox", { name: "Calls" }).nth(1).fill("100");
  await sheet.getByRole("combobox", { name: "Per" }).nth(1).selectOption("3600");
  await sheet.getByRole("button", { name: "Create policy" }).click();
  await expect(page.getByRole("row").filter({ hasText: limit })).toContainText("10/min · 100/h, for each API key");

  const open = uniqueName("Open");
  await create("Authentication", open);
  await sheet.getByRole("checkbox", { name: "No credential" }).check();
  await expect(sheet.getByText("Anybody who reaches the gateway may call these routes.")).toBeVisible();
  await sheet.getByRole("button", { name: "Create policy" }).click();
  await expect(page.getByRole("row").filter({ hasText: open })).toContainText("no credential");

  const cors = uniqueName("Pages");
  await create("CORS", cors);
  await sheet.getByRole("textbox", { name: "Allowed origins" }).fill("*");
  await sheet.getByRole("checkbox", { name: "Allow credentials" }).check();
  await sheet.getByRole("button", { name: "Create policy" }).click();
  await expect(sheet.getByText("Allow credentials goes only with named origins.")).toBeVisible();
  await sheet.getByRole("checkbox", { name: "Allow credentials" }).uncheck();
  await sheet.getByRole("button", { name: "Create policy" }).click();
  await expect(page.getByRole("row").filter({ hasText: cors })).toContainText("Any origin");

  await page.getByRole("button", { name: "/guarded/*", exact: true }).click();
  const choice = sheet.getByRole("combobox", { name: "Rate limit" });
  await choice.selectOption({ label: `${limit} (10/min · 100/h, for each API key)` });
  await sheet.getByRole("button", { name: "Save changes" }).click();
  await expect(sheet).toBeHidden();
  await expect(page.getByRole("row").filter({ hasText: "/guarded/*" })).toContainText(limit);
  await chooseAction(page, limit, "Delete");
  await expect(sheet.getByText(/1 route has it/)).toBeVisible();
});

test("deleting a gateway names what goes with it and asks for its name", async ({ page }) => {
  await signIn(page, "operator@portico.localhost");
  const service = await makeService(page, uniqueName("kept"));
  const gateway = await makeGateway(page, { name: uniqueName("Going") });
  await makeRoute(page, gateway.id, { path: "/gone", service_id: service.id });
  await page.goto(`/operator/gateways/${gateway.id}`);
  await chooseAction(page, gateway.name, "Delete");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByText(/Its 1 route goes with it/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Delete gateway" })).toBeDisabled();
  await dialog.getByRole("textbox").fill(gateway.name);
  await dialog.getByRole("button", { name: "Delete gateway" }).click();
  await expect(page).toHaveURL(/\/operator\/gateways$/);
  await expect(page.getByRole("link", { name: gateway.name })).toHaveCount(0);
});
