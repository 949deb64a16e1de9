import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { afterEach, expect, it } from "vitest";
import { type LiveSnapshot, openSnapshot } from "#gateway/reload";
import type { Snapshot } from "#gateway/snapshot";
import type { Change, ChangeFeed } from "#lib/platform/changes";

let live: LiveSnapshot;
afterEach(() => live.close());

/** A database whose configuration has a number, and may be away. */
function startFake() {
  const state = { version: 1, isAway: false, reads: 0 };
  const listeners: ((change: Change) => void)[] = [];
  const changes = {
    ...{ generation: 1, isLive: () => true },
    subscribe: (listener: (change: Change) => void) => void listeners.push(listener),
  };
  const query = async () => {
    if (state.isAway) throw new Error("away");
    return { rows: [{ version: state.version }] };
  };
  const pool = { connect: async () => ({ query, release: () => undefined }) };
  return {
    state,
    push: () => {
      for (const listener of listeners) listener({ kind: "gateway", id: "rt_1" });
    },
    options: {
      pool: pool as unknown as Pool,
      changes: changes as unknown as ChangeFeed,
      build: (configuration: unknown) => configuration as Snapshot,
      logger: { warn: () => undefined },
    },
  };
}

const served = () => (live.current() as unknown as { routes: { version: number }[] }).routes[0]?.version;

it("a change that could not be read when it was heard is served once it can, though nobody says it again", async () => {
  const { state, push, options } = startFake();
  live = await openSnapshot(options);
  Object.assign(state, { version: 2, isAway: true });
  push();
  await sleep(50);
  expect(served()).toBe(1);
  expect(live.ageSeconds()).toBeGreaterThan(0);
  state.isAway = false;
  await sleep(400);
  expect(served()).toBe(2);
  expect(live.ageSeconds()).toBe(0);
});

it("changes that come while it reads are read after", async () => {
  const { state, push, options } = startFake();
  live = await openSnapshot(options);
  for (const version of [2, 3, 4]) {
    state.version = version;
    push();
  }
  await sleep(20);
  expect(served()).toBe(4);
});
