import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

export { expect };

export const demoPassword = "portico-demo";

/** What the browser complained about. Tests that provoke a refusal allow its line, and nothing else. */
interface Console {
  allow(pattern: RegExp): void;
}

interface Fixtures {
  console: Console;
}

/** A page that fails its test on any console error or warning and on any uncaught error. */
export const test = base.extend<Fixtures>({
  // Read when a test starts: the address is known only after the global setup.
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures it has to make from this pattern.
  baseURL: async ({}, use) => use(process.env.PORTICO_URL),
  console: [
    async ({ page }, use) => {
      const allowed: RegExp[] = [];
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(`uncaught: ${error.stack ?? error.message}`));
      page.on("console", (message) => {
        if (!["error", "warning"].includes(message.type())) return;
        complaints.push(`${message.type()} at ${page.url()}: ${message.text()} (${message.location().url})`);
      });
      await use({ allow: (pattern) => void allowed.push(pattern) });
      const unexpected = complaints.filter((complaint) => !allowed.some((pattern) => pattern.test(complaint)));
      expect(unexpected, "the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});

/** Signs in as one of the demo accounts, or with another password. Ends on the overview. */
export async function signIn(page: Page, email: string, password = demoPassword): Promise<void> {
  await page.goto("/sign-in");
  const address = page.getByRole("textbox", { name: "E-mail address" });
  await expect(async () => {
    await address.fill(email);
    await expect(address).toHaveValue(email); // the page may fill it in itself, at the same moment
  }).toPass();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL("**/overview");
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
}

/** The link in the latest mail to an address, from the outbox page of an instance that sends no mail. */
export async function mailedLink(page: Page, recipient: string): Promise<string> {
  await page.goto("/mail-outbox");
  const mail = page.locator("section").filter({ hasText: `To ${recipient}` });
  const link = await mail.first().getByRole("link").first().getAttribute("href");
  if (!link) throw new Error(`The mail to ${recipient} has no link.`);
  return link;
}

let accounts = 0;

/** A new account with a confirmed address, signed in. Returns the e-mail address; the password is `demoPassword`. */
export async function signUp(page: Page, name = "Nell Newcomer"): Promise<string> {
  accounts += 1;
  const email = `newcomer-${process.pid}-${Date.now()}-${accounts}@example.com`;
  await page.goto("/sign-up");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByRole("textbox", { name: "E-mail address" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(demoPassword);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/verify-email");
  await page.goto(await mailedLink(page, email));
  await page.getByRole("main").getByRole("button").first().click();
  await page.waitForURL(/\/(sign-in|overview)/);
  if (new URL(page.url()).pathname !== "/overview") await signIn(page, email);
  return email;
}

/** WCAG 2.2 AA, as far as a machine can tell. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const told = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} (${node.failureSummary})`),
  );
  expect(told, `axe on ${name}`).toEqual([]);
}

/** Nothing but what is meant to scroll is wider than the window. */
export async function expectNoSidewaysScroll(page: Page, name: string): Promise<void> {
  const { wide, narrow } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    narrow: document.documentElement.clientWidth,
  }));
  expect(wide, `the width of ${name}`).toBeLessThanOrEqual(narrow);
}

/**
 * Until the new theme is painted: axe reads colours from what is computed for the screen. With less motion every property changes
 * in a moment rather than at once, an inherited one level by level, so the last change is waited for.
 */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const stillFramesWanted = 3;
    for (let still = 0; still < stillFramesWanted; still += 1) {
      await new Promise((painted) => requestAnimationFrame(painted));
      const running = document.getAnimations().filter(({ playState }) => playState === "running");
      if (running.length > 0) still = 0;
      await Promise.all(running.map((animation) => animation.finished.catch(() => undefined)));
    }
  });
}
