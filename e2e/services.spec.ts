import { expect, signIn, test } from "./fixtures.ts";
import { chooseAction } from "./key-steps.ts";
import { makeGateway, makeRoute, makeService, uniqueName } from "./operator-steps.ts";

test("an operator creates a service, is told what is wrong at its field, and finds it in the list", async ({
  page,
  console,
}) => {
  console.allow(/409|422/);
  await signIn(page, "operator@portico.localhost");
  await page.getByRole("link", { name: "Services" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Services" })).toBeVisible();
  const taken = await makeService(page, uniqueName("taken"));

  await page.getByRole("button", { name: "Create service" }).click();
  const sheet = page.getByRole("dialog");
  const name = sheet.getByRole("textbox", { name: "Name", exact: true });
  const url = sheet.getByRole("textbox", { name: "Base URL" });
  await name.fill("Not Lower Case");
  await url.fill("ftp://10.0.0.7");
  await sheet.getByRole("button", { name: "Create service" }).click();
  await expect(sheet.getByText(/Name must begin with a letter/)).toBeVisible();
  await expect(sheet.getByText("Base URL must be an http or https address.")).toBeVisible();
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute("aria-invalid", "true");

  await url.fill("http://10.0.0.7:8000");
  await name.fill(taken.name);
  await sheet.getByRole("button", { name: "Create service" }).click();
  await expect(sheet.getByText(/already|taken|exists/i)).toBeVisible();

  const fresh = uniqueName("users");
  await name.fill(fresh);
  await sheet.getByRole("button", { name: "Create service" }).click();
  await expect(sheet).toBeHidden();
  await page.getByRole("searchbox").fill(fresh);
  await expect(page).toHaveURL(new RegExp(`search=${fresh}`));
  const row = page.getByRole("row").filter({ hasText: fresh });
  await expect(row.getByRole("cell", { name: "http://10.0.0.7:8000" })).toBeVisible();
  await expect(row.getByRole("cell", { name: "Active" })).toBeVisible();
});

test("targets are added, changed, deactivated and removed, and the page says where calls then go", async ({ page }) => {
  await signIn(page, "operator@portico.localhost");
  const service = await makeService(page, uniqueName("sharded"));
  await page.goto(`/operator/services/${service.id}`);
  await expect(page.getByRole("heading", { name: "No targets" })).toBeVisible();
  await page.getByRole("button", { name: "Add target" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("one");
  await dialog.getByRole("textbox", { name: "Address" }).fill("http://10.0.0.8:8000");
  await dialog.getByRole("textbox", { name: /Connections at once/ }).fill("ten");
  await dialog.getByRole("button", { name: "Add target" }).click();
  await expect(dialog.getByText("Connections at once must be a whole number.")).toBeVisible();
  await dialog.getByRole("textbox", { name: /Connections at once/ }).fill("10");
  await dialog.getByRole("button", { name: "Add target" }).click();
  const row = page.getByRole("row").filter({ hasText: "http://10.0.0.8:8000" });
  await expect(row.getByRole("cell", { name: "10", exact: true })).toBeVisible();

  await chooseAction(page, "one", "Deactivate");
  await expect(row.getByRole("cell", { name: "Inactive" })).toBeVisible();
  await chooseAction(page, "one", "Activate");
  await expect(row.getByRole("cell", { name: "Active", exact: true })).toBeVisible();
  await chooseAction(page, "one", "Remove");
  await expect(page.getByText("It is the last active target: calls then go to http://127.0.0.1:9.")).toBeVisible();
  await page.getByRole("button", { name: "Remove target" }).click();
  await expect(page.getByRole("heading", { name: "No targets" })).toBeVisible();
});

test("a service that routes lead to says what deactivating does, and cannot be deleted", async ({ page }) => {
  await signIn(page, "operator@portico.localhost");
  const service = await makeService(page, uniqueName("used"));
  const gateway = await makeGateway(page, { name: uniqueName("Gateway") });
  await makeRoute(page, gateway.id, { path: `/${service.name}/*`, service_id: service.id });
  await page.goto(`/operator/services?search=${service.name}`);
  const row = page.getByRole("row").filter({ hasText: service.name });

  await chooseAction(page, service.name, "Delete");
  await expect(page.getByRole("dialog").getByText(/1 route leads to it/)).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).first().click();
  await expect(page.getByRole("dialog")).toBeHidden();

  await chooseAction(page, service.name, "Deactivate");
  await expect(
    page.getByRole("alertdialog").getByText(/the route that leads to it are answered with 503/),
  ).toBeVisible();
  await page.getByRole("button", { name: "Deactivate service" }).click();
  await expect(row.getByRole("cell", { name: "Inactive" })).toBeVisible();
  await chooseAction(page, service.name, "Activate");
  await expect(row.getByRole("cell", { name: "Active", exact: true })).toBeVisible();
});

test("a developer sees nothing of the operator's pages", async ({ page }) => {
  await signIn(page, "developer@portico.localhost");
  await expect(page.getByRole("link", { name: "API keys" })).toBeVisible();
  for (const label of ["Services", "Gateways", "Partners"])
    await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: label })).toHaveCount(0);
  for (const path of ["services", "services/svc_1", "gateways", "gateways/gw_1", "partners"]) {
    await page.goto(`/operator/${path}`);
    await expect(page.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible();
  }
});
