import type { APIRequestContext, Browser, Locator, Page } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, mailedLink, test } from "./fixtures.ts";
import { api } from "./key-steps.ts";

const password = "correct horse battery";
/** What Chromium itself writes about an answer that refuses. */
const refusal = /Failed to load resource: the server responded with a status of 4(01|22)/;

let count = 0;
const newAddress = () => `ada-${Date.now()}-${process.pid}-${++count}@example.com`;

/** Somebody who signed up and confirmed the address. */
async function newPerson(page: Page, request: APIRequestContext): Promise<string> {
  const email = newAddress();
  const signedUp = await request.post(`${api}/auth/sign-up`, { data: { email, password, name: "Ada Lovelace" } });
  expect(signedUp.status()).toBe(202);
  const token = new URL(await mailedLink(page, email)).searchParams.get("token");
  const verified = await request.post(`${api}/auth/verify-email`, { data: { token } });
  expect(verified.status()).toBe(204);
  return email;
}

async function fillIn(page: Page, email: string, given = password): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(given);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function signIn(page: Page, email: string, given = password): Promise<void> {
  await page.goto("/sign-in?return_to=/profile");
  await fillIn(page, email, given);
  await page.waitForURL(({ pathname }) => pathname === "/profile");
}

/** Presses a button until what it opens is there: the server's HTML has buttons before React listens to them. */
async function openWith(button: Locator, opened: Locator): Promise<void> {
  await expect(async () => {
    await button.click();
    await expect(opened).toBeVisible({ timeout: 1000 });
  }).toPass();
}

/** Another browser that is signed in as the same person. */
async function elsewhere(browser: Browser, email: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, email);
  return page;
}

test("a newcomer signs up, confirms the address from the mail and signs in", async ({ console, page }) => {
  console.allow(refusal);
  const email = newAddress();
  await page.goto("/sign-up");
  await page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();
  await expect(page.getByText(email)).toBeVisible();

  const link = await mailedLink(page, email);
  for (let opened = 0; opened < 2; opened++) await page.goto(link); // a mail scanner opens it first
  await page.getByRole("button", { name: "Confirm e-mail address" }).click();
  await expect(page.getByText("Your e-mail address is confirmed")).toBeVisible();
  await expect(page.getByLabel("E-mail address")).toHaveValue(email);
  await fillIn(page, email);
  await page.waitForURL("**/overview");

  await page.goto(link);
  await page.getByRole("button", { name: "Confirm e-mail address" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The link is not valid" })).toBeVisible();
});

test("an empty form is answered at its fields, and the first of them has the focus", async ({ page }) => {
  await page.goto("/sign-up");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("Name must not be empty.")).toBeVisible();
  await expect(page.getByText("Password must have at least 10 characters.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
});

test("what only the server knows to be wrong is said at the field too", async ({ console, page }) => {
  console.allow(refusal);
  await page.goto("/sign-up");
  await page.getByLabel("Name", { exact: true }).fill("Ada");
  await page.getByLabel("E-mail address").fill(newAddress());
  await page.getByLabel("Password", { exact: true }).fill("password123");
  await page.getByRole("button", { name: "Create account" }).click();
  const field = page.getByLabel("Password", { exact: true });
  await expect(field).toHaveAccessibleDescription(/Password is too easy to guess/);
  await expect(field).toBeFocused();
});

test("a wrong password and an unknown address are refused in the same words", async ({ console, page, request }) => {
  console.allow(refusal);
  const email = await newPerson(page, request);
  for (const address of [email, newAddress()]) {
    await page.goto("/sign-in");
    await fillIn(page, address, "not the password");
    await expect(page.getByText("The e-mail address or the password is wrong.")).toBeVisible();
    await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  }
});

test("an address that is not confirmed yet is told so, with a way to another mail", async ({
  console,
  page,
  request,
}) => {
  console.allow(refusal);
  const email = newAddress();
  await request.post(`${api}/auth/sign-up`, { data: { email, password, name: "Ada" } });
  await page.goto("/sign-in");
  await fillIn(page, email);
  await page.getByRole("link", { name: "Send the mail again" }).click();
  await page.getByRole("button", { name: "Send the mail again" }).click();
  await expect(page.getByText("another mail is on its way")).toBeVisible();
});

test("a forgotten password is replaced through the mail, and every session ends", async ({
  console,
  page,
  request,
  browser,
}) => {
  console.allow(refusal);
  const email = await newPerson(page, request);
  const other = await elsewhere(browser, email);
  await page.goto("/reset-password");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();

  const link = await mailedLink(page, email);
  await page.goto(link);
  await page.getByLabel("New password", { exact: true }).fill("another battery staple");
  await page.getByRole("button", { name: "Set new password" }).click();
  await expect(page.getByText("Your new password is set")).toBeVisible();
  await other.goto("/profile");
  await expect(other).toHaveURL(/\/sign-in/);

  await signIn(page, email, "another battery staple");
  await page.goto(link);
  await page.getByLabel("New password", { exact: true }).fill("a third battery staple");
  await page.getByRole("button", { name: "Set new password" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The link is not valid" })).toBeVisible();
});

test("ending the session of another browser signs it out within a second", async ({ page, request, browser }) => {
  const email = await newPerson(page, request);
  const other = await elsewhere(browser, email);
  await signIn(page, email);
  const sessions = page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
  await expect(sessions).toHaveCount(2);

  const confirm = page.getByRole("alertdialog").getByRole("button", { name: "End session" });
  await openWith(page.getByRole("button", { name: /^End the session of/ }), confirm);
  await confirm.click();
  await expect(sessions).toHaveCount(1);
  const status = async () => (await other.request.get(`${api}/me`)).status();
  await expect.poll(status, { timeout: 1000, intervals: [50] }).toBe(401);
  await other.goto("/profile");
  await expect(other).toHaveURL(/\/sign-in\?return_to=%2Fprofile$/);
  expect((await page.request.get(`${api}/me`)).status()).toBe(200);
});

test("changing the password asks for the current one and ends the other sessions", async ({
  console,
  page,
  request,
  browser,
}) => {
  console.allow(refusal);
  const email = await newPerson(page, request);
  const other = await elsewhere(browser, email);
  await signIn(page, email);
  const current = page.getByLabel("Current password");
  await current.fill("not the password");
  await page.getByLabel("New password", { exact: true }).fill("another battery staple");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Current password is wrong.")).toBeVisible();
  await expect(current).toBeFocused();

  await current.fill(password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed")).toBeVisible();
  await expect(current).toHaveValue("");
  expect((await other.request.get(`${api}/me`)).status()).toBe(401);
  expect((await page.request.get(`${api}/me`)).status()).toBe(200);
});

test("signing out everywhere ends this session too", async ({ page, request, browser }) => {
  const email = await newPerson(page, request);
  const other = await elsewhere(browser, email);
  await signIn(page, email);
  const dialog = page.getByRole("alertdialog");
  await openWith(page.getByRole("button", { name: "Sign out everywhere" }), dialog);
  await expect(dialog).toContainText("All 2 sessions end, this one too");
  await dialog.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page.getByText("You are signed out on every device.")).toBeVisible();
  expect((await other.request.get(`${api}/me`)).status()).toBe(401);
});

test("signing out from the menu ends the session", async ({ page, request }) => {
  await signIn(page, await newPerson(page, request));
  const { cookies } = await page.context().storageState();
  const signOut = page.getByRole("menuitem", { name: "Sign out" });
  await openWith(page.getByRole("button", { name: /^Account of/ }), signOut);
  await signOut.click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.context().addCookies(cookies); // a copy of the cookie is worth nothing either
  expect((await page.request.get(`${api}/me`)).status()).toBe(401);
});

test("after signing in, only a page of ours is gone to", async ({ page, request }) => {
  const email = await newPerson(page, request);
  await page.goto(`/sign-in?return_to=${encodeURIComponent("/\\evil.example/x")}`);
  await fillIn(page, email);
  await page.waitForURL("**/overview");

  // Who is signed in already is sent on by the server, by the same rule.
  const tricks = [
    "//evil.example",
    "https://evil.example",
    "/.//evil.example",
    "/\t/evil.example",
    "/api/auth/signout",
    "/sign-in",
  ];
  for (const trick of tricks) {
    const answer = await page.request.get(`/sign-in?return_to=${encodeURIComponent(trick)}`, { maxRedirects: 0 });
    expect([trick, answer.status(), answer.headers().location]).toEqual([trick, 307, "/overview"]);
  }
  const honest = await page.request.get(`/sign-in?return_to=${encodeURIComponent("/profile?a=b")}`, {
    maxRedirects: 0,
  });
  expect(honest.headers().location).toBe("/profile?a=b");
});

test("a page that needs somebody signed in is returned to", async ({ page, request }) => {
  const email = await newPerson(page, request);
  await page.goto("/profile");
  await expect(page).toHaveURL(/\/sign-in\?return_to=%2Fprofile$/);
  await fillIn(page, email);
  await expect(page.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
});

test("a password typed before the page is ready stays where it was typed", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeDisabled();
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue(password);
});

/** Its own title, one h1, accessible in light on a desk and in dark on a small phone, where nothing scrolls sideways. */
async function expectFine(page: Page, path: string, title: string): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(path);
  await expect(page).toHaveTitle(`${title} · Portico`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await expectAccessible(page, `${path} in light`);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, `${path} in dark`);
  await expectNoSidewaysScroll(page, path);
}

test("the pages around signing in are accessible in light and dark, and fit 320 px", async ({ page }) => {
  await expectFine(page, "/sign-in?notice=email-confirmed", "Sign in");
  await expectFine(page, "/sign-up", "Create an account");
  await expectFine(page, "/verify-email", "Confirm your e-mail address");
  await expectFine(page, "/verify-email?token=ver_x", "Confirm your e-mail address");
  await expectFine(page, "/reset-password", "Reset your password");
  await expectFine(page, "/reset-password?token=ver_x", "Reset your password");
});

test("the profile and the mail outbox are accessible in light and dark, and fit 320 px", async ({ page, request }) => {
  await signIn(page, await newPerson(page, request));
  await expectFine(page, "/profile", "Profile");
  await expectFine(page, "/mail-outbox", "Mail outbox");
});
