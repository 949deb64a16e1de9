import { startProduct } from "#test/product";

/**
 * Starts the product once for all browser tests and stops it after them. `PORTICO_URL` names one that runs already, for a
 * developer who does not want to wait.
 */
// biome-ignore lint/style/noDefaultExport: Playwright takes the default export of the file its configuration names.
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.PORTICO_URL) return undefined;
  const product = await startProduct();
  // The address people are given: sessions and the CSRF rule are bound to that host name.
  process.env.PORTICO_URL = product.url.replace("127.0.0.1", "localhost");
  return async () => {
    await product.stop();
  };
}
