import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { repeat } from "#gateway/spool/repeat";

const failed = (error: unknown) => {
  throw error;
};

/** Work that takes a while, and how often it was begun. */
function working(tookMs: number) {
  const work = { begun: 0 };
  const run = async () => {
    work.begun += 1;
    await sleep(tookMs);
  };
  return { work, run };
}

test("whoever waits gets a run that began after asking, without waiting for the interval", async () => {
  const { work, run } = working(1);
  const repetition = repeat(run, { intervalMs: () => 60_000, pauseMaxMs: 60_000, onError: failed });
  await sleep(20);
  const begun = work.begun;
  await repetition.soon(5_000);
  expect(work.begun).toBe(begun + 1);
  await repetition.stop();
});

test("many who ask at once share a run, and asking all the time leaves four fifths of the time free", async () => {
  const { work, run } = working(20);
  const repetition = repeat(run, { intervalMs: () => 1_000, pauseMaxMs: 1_000, onError: failed });
  await Promise.all(Array.from({ length: 50 }, () => repetition.soon(5_000)));
  expect(work.begun).toBeLessThanOrEqual(3);
  const before = work.begun;
  const endsAtMs = performance.now() + 600;
  while (performance.now() < endsAtMs) await repetition.soon(5_000);
  expect(work.begun - before).toBeLessThanOrEqual(7);
  await repetition.stop();
});

test("who stops waits for the run that is going on, and no other begins", async () => {
  const { work, run } = working(20);
  const repetition = repeat(run, { intervalMs: () => 60_000, pauseMaxMs: 60_000, onError: failed });
  await sleep(40);
  await repetition.stop();
  const begun = work.begun;
  await repetition.soon(10);
  expect(work.begun).toBe(begun);
});
