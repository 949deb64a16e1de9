import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { Patience } from "#lib/rate-limits/patience";

const never = new Promise<string>(() => undefined);

it("gives up on what does not come, in about the time it was given", async () => {
  const startedMs = performance.now();
  await expect(new Patience(50).await(never)).rejects.toThrow("did not answer within 50 ms");
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(45);
});

it("passes on the answer or the failure of what does come", async () => {
  const patience = new Patience(50);
  expect(await patience.await(sleep(20, "here"))).toBe("here");
  await expect(patience.await(sleep(5).then(() => Promise.reject(new Error("refused"))))).rejects.toThrow("refused");
});

it("does not blame others for the time in which this process stood still", async () => {
  const answer = new Patience(50).await(sleep(60, "here"));
  const blockedUntilMs = performance.now() + 200;
  while (performance.now() < blockedUntilMs); // four times the timeout, in which nothing could be read
  expect(await answer).toBe("here");
});
