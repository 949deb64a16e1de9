import { afterEach } from "vitest";
import { type ForwarderOptions, startForwarder } from "#test/forwarder";
import { startRawUpstream, startUpstream } from "#test/upstream";

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const { close } of opened.splice(0).reverse()) await close();
});

/** Closes the thing after the test. */
export async function opening<T extends { close(): Promise<void> }>(promised: Promise<T>): Promise<T> {
  const thing = await promised;
  opened.push(thing);
  return thing;
}

export const forwarder = (options: ForwarderOptions) => opening(startForwarder(options));
export const upstream = (...args: Parameters<typeof startUpstream>) => opening(startUpstream(...args));
export const rawUpstream = (...args: Parameters<typeof startRawUpstream>) => opening(startRawUpstream(...args));
