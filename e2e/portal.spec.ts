import { expect, expectNoSidewaysScroll, signIn, signUp, test } from "./fixtures.ts";
import { chooseAction, makeKey } from "./key-steps.ts";

const phone = { width: 320, height: 568 };

test("a name and a description without a place to break widen neither page nor dialog of a phone", async ({ page }) => {
  await signUp(page);
  await page.setViewportSize(phone);
  const name = "n".repeat(100);
  const { id } = await makeKey(page, { name, description: "d".repeat(500) });
  for (const path of ["/keys", `/keys/${id}`, "/overview"]) {
    await page.goto(path);
    await expect(page.getByText(name).first()).toBeVisible();
    await expectNoSidewaysScroll(page, path);
  }
  await page.goto(`/keys/${id}`);
  for (const action of ["Disable", "Revoke", "Delete"]) {
    await chooseAction(page, name, action);
    await expect(page.getByRole("alertdialog").getByRole("button", { name: `${action} key` })).toBeInViewport({
      ratio: 1,
    });
    await expectNoSidewaysScroll(page, `the dialog to ${action.toLowerCase()}`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("alertdialog")).toBeHidden();
  }
});

test("a phone's list of keys shows each with its status and its actions, without scrolling sideways", async ({
  page,
}) => {
  await signUp(page);
  await makeKey(page, { name: "Pocket" });
  await page.setViewportSize(phone);
  await page.goto("/keys");
  const row = page.getByRole("row").filter({ hasText: "Pocket" });
  await expect(row.getByRole("rowheader").getByText("Active")).toBeInViewport({ ratio: 1 });
  await expect(row.getByRole("button", { name: "Actions for Pocket" })).toBeInViewport({ ratio: 1 });
});

test("a phone is shown why a key was not made, however long the form", async ({ page, console }) => {
  console.allow(/500/);
  await signUp(page);
  await page.setViewportSize(phone);
  await page.goto("/keys");
  await page.route("**/api-management/keys", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 500, json: { detail: "It broke." } })
      : route.continue(),
  );
  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Unlucky");
  await dialog.getByRole("button", { name: "Create key" }).click();
  await expect(dialog.getByText("It broke.")).toBeInViewport({ ratio: 1 });
});

test("without a connection the portal says so, and a change fails at once instead of happening later", async ({
  page,
  context,
  console,
}) => {
  console.allow(/ERR_INTERNET_DISCONNECTED/);
  await signUp(page);
  await page.goto("/keys");
  await page.getByRole("button", { name: "Create your first key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Too late");
  await context.setOffline(true);
  await expect(page.getByText("You are offline.")).toBeVisible();
  await dialog.getByRole("button", { name: "Create key" }).click();
  await expect(dialog.getByText("Portico cannot be reached.")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("You are offline.")).toBeHidden();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.reload();
  await expect(page.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
});

test("who is signed out meanwhile is led to sign in, and back to the same page", async ({ page, context, console }) => {
  console.allow(/401/);
  await signIn(page, "developer@portico.localhost");
  await page.goto("/keys");
  await context.clearCookies();
  await page.getByRole("searchbox").fill("anything");
  await page.getByRole("link", { name: "Sign in again" }).click();
  await page.getByRole("textbox", { name: "E-mail address" }).fill("developer@portico.localhost");
  await page.getByLabel("Password", { exact: true }).fill("portico-demo");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/keys$/);
});
