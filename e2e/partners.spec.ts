import { expect, expectAccessible, signIn, test } from "./fixtures.ts";
import { chooseAction, confirmSaved, shownSecret } from "./key-steps.ts";
import { uniqueName } from "./operator-steps.ts";

test("a partner is created with its services, its secret is shown once, and it is edited and deactivated", async ({
  page,
  baseURL,
}) => {
  await signIn(page, "operator@portico.localhost");
  await page.getByRole("link", { name: "Partners" }).click();
  const name = uniqueName("Acme");
  await page.getByRole("button", { name: "Create partner" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Create partner" }).click();
  await expect(dialog.getByText("Name is required.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("button", { name: "Users", exact: true }).click();
  await dialog.getByRole("textbox", { name: "Requests per minute" }).fill("30");
  await dialog.getByRole("button", { name: "Create partner" }).click();
  await expect(dialog.getByRole("heading", { name: "Partner created" })).toBeVisible();
  const secret = await shownSecret(page);
  const exchange = dialog.getByRole("region", { name: "1. Exchange the key for a token" });
  await expect(exchange).toContainText(`${baseURL}/auth/token`);
  await expect(exchange).not.toContainText(secret);
  await expect(dialog.getByRole("region", { name: "2. Call with the token" })).toContainText("/users");
  await expectAccessible(page, "the secret of a partner");
  await confirmSaved(page);

  expect(page.url()).not.toContain(secret);
  expect(await page.content()).not.toContain(secret);
  const answer = await fetch(`${baseURL}/auth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ api_key: secret }),
  });
  expect(await answer.json()).toMatchObject({ partner_name: name, rate_limit: 30 });

  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row.getByRole("cell", { name: "30/min" })).toBeVisible();
  await chooseAction(page, name, "Edit");
  await dialog.getByRole("button", { name: "Posts", exact: true }).click();
  await dialog.getByRole("textbox", { name: "Requests per minute" }).fill("0");
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(dialog.getByText("Requests per minute must be at least 1.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Requests per minute" }).fill("90");
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText("90/min");
  await expect(row).toContainText("posts");

  await chooseAction(page, name, "Deactivate");
  await expect(page.getByRole("alertdialog")).toContainText("Calls with its 1 key and with every token it holds");
  await page.getByRole("button", { name: "Deactivate partner" }).click();
  await expect(row.getByRole("cell", { name: "Inactive" })).toBeVisible();
  await chooseAction(page, name, "Activate");
  await expect(row.getByRole("cell", { name: "Active", exact: true })).toBeVisible();
});
