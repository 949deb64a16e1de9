import { expect, test } from "vitest";
import { closeAll } from "#lib/platform/close-all";

test("one that cannot be closed keeps nothing else open, and every reason is told", async () => {
  const closed: string[] = [];
  const closers = [
    () => closed.push("pools"),
    () => {
      throw new Error("the spool is gone");
    },
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      closed.push("usage");
    },
    () => Promise.reject(new Error("the worker hangs")),
  ];
  const failure = await closeAll(closers).catch((error: unknown) => error);
  expect(closed).toEqual(["usage", "pools"]);
  expect(failure).toMatchObject({
    message: "Not everything could be closed: the worker hangs; the spool is gone",
    errors: [{ message: "the worker hangs" }, { message: "the spool is gone" }],
  });
  await closeAll(closers); // nothing is closed twice
  expect(closed).toHaveLength(2);
});
