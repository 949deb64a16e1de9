import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, settle, signIn, test } from "./fixtures.ts";
import { makeKey } from "./key-steps.ts";
import { makeGateway, makeRoute, makeService, uniqueName } from "./operator-steps.ts";

/** Addresses to walk, by the route of `app/` that answers them. */
const publicPages: Record<string, string[]> = {
  "/": ["/"],
  "/sign-in": ["/sign-in"],
  "/sign-up": ["/sign-up"],
  "/verify-email": ["/verify-email", "/verify-email?token=ver_wrong"],
  "/reset-password": ["/reset-password", "/reset-password?token=ver_wrong"],
  "/mail-outbox": ["/mail-outbox"],
  "/docs/errors": ["/docs/errors"],
  "/docs/explorer": ["/docs/explorer"],
  "/docs/errors/[code]": ["/docs/errors/RATE_LIMIT_EXCEEDED"],
};
const portalPages = ["/overview", "/keys", "/keys/[key_id]", "/usage", "/logs", "/profile"];
const operatorPages = [
  "/operator/services",
  "/operator/services/[service_id]",
  "/operator/gateways",
  "/operator/gateways/[gateway_id]",
  "/operator/partners",
];
const roles = ["admin", "operator", "reseller", "customer", "developer"];
const themes = ["light", "dark"] as const;
const widths = [1440, 390];
const narrowest = 320;
const height = 900;

test("every page of app/ is walked by one of these tests", () => {
  const folder = join(import.meta.dirname, "../app");
  const routes = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("page.tsx"))
    .map(
      (file) =>
        `/${file
          .split("/")
          .slice(0, -1)
          .filter((part) => !part.startsWith("("))
          .join("/")}`,
    );
  expect(routes.toSorted()).toEqual([...Object.keys(publicPages), ...portalPages, ...operatorPages].toSorted());
});

test("every public page is accessible in both themes, fits 320 px and has its own title", async ({ page }) => {
  test.slow();
  const titles = new Map<string, string>();
  for (const [route, addresses] of Object.entries(publicPages)) {
    for (const address of addresses) {
      await page.goto(address);
      await inspect(page, address);
      titles.set(route, await page.title());
    }
  }
  expect(new Set(titles.values()).size, [...titles].join(" ")).toBe(titles.size);
});

test("an address that is nothing says so, in a page like the others", async ({ page, console }) => {
  console.allow(/404/);
  const answer = await page.goto("/nowhere");
  expect(answer?.status()).toBe(404);
  await inspect(page, "/nowhere");
});

for (const role of roles) {
  test(`every portal page is accessible in both themes and fits 320 px for the ${role}`, async ({ page }) => {
    test.slow();
    await signIn(page, `${role}@portico.localhost`);
    const { id } = await makeKey(page, { name: `Walked by the ${role}` });
    const titles = new Set<string>();
    for (const route of portalPages) {
      await page.goto(route.replace("[key_id]", id));
      await inspect(page, `${route} as ${role}`);
      titles.add(await page.title());
    }
    expect(titles.size, [...titles].join(", ")).toBe(portalPages.length);
    await page.goto("/keys/key_0000000000000000000000");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Not found");
    await inspect(page, `a missing key as ${role}`);
  });
}

for (const role of ["admin", "operator"]) {
  test(`every operator page is accessible in both themes and fits 320 px for the ${role}`, async ({ page }) => {
    test.slow();
    await signIn(page, `${role}@portico.localhost`);
    const service = await makeService(page, uniqueName("walked"));
    const gateway = await makeGateway(page, {
      name: uniqueName("Walked"),
      domains: [`${uniqueName("w")}.isp.example`],
    });
    await makeRoute(page, gateway.id, { path: "/walked/*", service_id: service.id });
    const titles = new Set<string>();
    for (const route of operatorPages) {
      await page.goto(route.replace("[service_id]", service.id).replace("[gateway_id]", gateway.id));
      await inspect(page, `${route} as ${role}`);
      titles.add(await page.title());
    }
    expect(titles.size, [...titles].join(", ")).toBe(operatorPages.length);
  });
}

test("the forms of the operator are accessible in both themes and fit a phone", async ({ page }) => {
  test.slow();
  await signIn(page, "admin@portico.localhost");
  const gateway = await makeGateway(page, {
    name: uniqueName("Looked at"),
    domains: [`${uniqueName("a")}.isp.example`],
  });
  const look = async (name: string) => {
    await expect(page.getByRole("dialog")).toBeVisible();
    await inspectLooks(page, name);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
  };
  for (const thing of ["service", "partner"]) {
    await page.goto(`/operator/${thing}s`);
    await page.getByRole("button", { name: `Create ${thing}` }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: `Create ${thing}` })
      .click();
    await expect(page.getByRole("dialog").getByText("Name is required.")).toBeVisible();
    await look(`the refused form of a new ${thing}`);
  }
  await page.goto(`/operator/gateways/${gateway.id}`);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("checkbox", { name: /Let web pages/ }).check();
  await look("the form of a gateway");
  await page.getByRole("button", { name: "Create route" }).click();
  await page.getByRole("textbox", { name: "Path" }).fill("/orders/{order_id}/*");
  await page.getByRole("dialog").getByRole("button", { name: "GET", exact: true }).click();
  await look("the form of a route");
  for (const kind of ["Authentication", "Rate limit", "CORS"]) {
    await page.getByRole("button", { name: "Create policy" }).click();
    await page.getByRole("menuitem", { name: kind }).click();
    await look(`the form of a policy of kind ${kind}`);
  }
});

test("the dialogs of a key are accessible in both themes and fit a phone", async ({ page }) => {
  test.slow();
  await signIn(page, "operator@portico.localhost");
  const { id } = await makeKey(page, { name: "Looked at" });
  await page.goto("/keys");
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByRole("dialog").getByRole("radio", { name: "Custom" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "Expires" }).selectOption("never");
  await inspectLooks(page, "the create dialog");
  await page.goto(`/keys/${id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  await inspectLooks(page, "the edit dialog");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Rotate" }).click();
  await inspectLooks(page, "the rotate dialog");
  await page.keyboard.press("Escape");
  for (const action of ["Disable", "Revoke", "Delete"]) {
    await page.getByRole("button", { name: "Actions for Looked at" }).click();
    await page.getByRole("menuitem", { name: action }).click();
    await expect(page.getByRole("alertdialog")).toBeVisible();
    await inspectLooks(page, `the dialog to ${action.toLowerCase()}`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("alertdialog")).toBeHidden();
  }
});

/** What must be true of every page: one `h1`, its own title, and how it looks. */
async function inspect(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 }), `the h1 of ${name}`).toHaveCount(1);
  await expect(page, `the title of ${name}`).toHaveTitle(/\S.*Portico|Portico.*\S/);
  await expect(page.locator(".animate-appear"), `skeletons of ${name}`).toHaveCount(0);
  await inspectLooks(page, name);
}

/** Both themes at both widths by axe, and nothing wider than the narrowest phone. */
async function inspectLooks(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const width of widths) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      await settle(page);
      await expectAccessible(page, `${name}, ${colorScheme}, ${width} px`);
    }
  }
  await page.setViewportSize({ width: narrowest, height });
  await expectNoSidewaysScroll(page, name);
  await page.setViewportSize({ width: 1440, height });
}
