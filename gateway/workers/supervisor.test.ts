import { afterEach, describe, expect, it } from "vitest";
import { type Channel, GatewayWorker } from "#gateway/workers/gateway-worker";
import type { FromWorker, ToWorker } from "#gateway/workers/messages";
import { Supervisor } from "#gateway/workers/supervisor";

/** A process that does what a test says. */
class Actor implements Channel {
  readonly pid: number;
  readonly heard: string[] = [];
  #say: (message: FromWorker) => void = () => undefined;
  #exit: (how: string) => void = () => undefined;
  isAlive = true;
  lastId = 0;

  constructor(pid: number) {
    this.pid = pid;
  }

  say(message: FromWorker): void {
    this.#say(message);
  }

  exit(how: string): void {
    this.isAlive = false;
    this.#exit(how);
  }

  send({ type, id }: ToWorker): void {
    this.heard.push(type);
    this.lastId = id;
  }

  kill(signal: string): void {
    this.heard.push(signal);
  }

  onMessage(listener: (message: FromWorker) => void): void {
    this.#say = listener;
  }

  onExit(listener: (how: string) => void): void {
    this.#exit = listener;
  }
}

let actors: Actor[];
let logged: { level: string; fields: Record<string, unknown> }[];
let supervisor: Supervisor;

/** `onFork` decides what a new process does first: by default it is ready in the next turn. */
function supervise(
  count: number,
  onFork: (actor: Actor) => void = (actor) => setImmediate(() => actor.say({ type: "ready" })),
) {
  actors = [];
  logged = [];
  const log = (level: string) => (fields: object) => void logged.push({ level, fields: { ...fields } });
  supervisor = new Supervisor({
    count,
    fork(): GatewayWorker {
      const actor = new Actor(actors.length + 1);
      actors.push(actor);
      onFork(actor);
      return new GatewayWorker(actor);
    },
    logger: { info: log("info"), warn: log("warn"), error: log("error") },
    pauseMs: 5,
    pauseMaxMs: 40,
  });
}

const actor = (pid: number): Actor => {
  const found = actors[pid - 1];
  if (!found) throw new Error(`No process ${pid} was started.`);
  return found;
};
const turns = async (count = 5) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
};

afterEach(async () => {
  const stopped = supervisor.stop();
  for (const one of actors) if (one.isAlive) one.exit("exit code 0");
  await stopped;
});

describe("start", () => {
  it("resolves when all serve", async () => {
    supervise(3);
    await supervisor.start();
    expect([actors.length, supervisor.serving().length]).toEqual([3, 3]);
  });

  it("asks one alone first, and rejects with the reason it gives", async () => {
    supervise(3, (one) =>
      setImmediate(() => {
        one.say({ type: "failed", reason: "Port 8080 is in use." });
        one.exit("exit code 1");
      }),
    );
    await expect(supervisor.start()).rejects.toThrow("Port 8080 is in use.");
    expect(actors).toHaveLength(1);
  });
});

describe("a worker that is lost", () => {
  it("is replaced, and the log says so", async () => {
    supervise(2);
    await supervisor.start();
    actor(1).exit("SIGKILL");
    await turns();
    expect(supervisor.serving().length).toBe(1);
    await expect.poll(() => supervisor.serving().length).toBe(2);
    expect([actors.length, supervisor.restarts]).toEqual([3, 1]);
    expect(logged).toEqual([{ level: "warn", fields: { why: "process 1: SIGKILL", in_ms: 5 } }]);
  });

  it("is replaced as soon as it says that it leaves, while it still drains", async () => {
    supervise(1);
    await supervisor.start();
    actor(1).say({ type: "leaving" });
    await expect.poll(() => supervisor.serving().length).toBe(1);
    expect(supervisor.workers().map(({ pid }) => pid)).toEqual([1, 2]);
    actor(1).exit("exit code 0");
    await turns();
    expect(supervisor.workers().map(({ pid }) => pid)).toEqual([2]);
    expect(actors).toHaveLength(2);
  });

  it("again and again is replaced ever more slowly, also when it never gets ready", async () => {
    supervise(1, (one) => setImmediate(() => (one.pid === 1 ? one.say({ type: "ready" }) : one.exit("exit code 1"))));
    await supervisor.start();
    actor(1).exit("exit code 1");
    await expect.poll(() => logged.length).toBeGreaterThan(5);
    expect(logged.slice(0, 6).map(({ fields }) => fields.in_ms)).toEqual([5, 10, 20, 40, 40, 40]);
  });

  it("is not replaced when all are told to stop", async () => {
    supervise(2);
    await supervisor.start();
    const stopped = supervisor.stop();
    expect(actors.map(({ heard }) => heard)).toEqual([["SIGTERM"], ["SIGTERM"]]);
    for (const one of actors) one.exit("exit code 0");
    await stopped;
    await turns();
    expect(actors).toHaveLength(2);
    expect(logged).toEqual([]);
  });
});

describe("reload", () => {
  it("replaces one after another, each only when its successor serves", async () => {
    supervise(2);
    await supervisor.start();
    const reloaded = supervisor.reload();
    expect(actor(1).heard).toEqual([]);
    await expect.poll(() => actor(1).heard).toEqual(["SIGTERM"]);
    expect([actors.length, supervisor.serving().length, actor(2).heard]).toEqual([3, 2, []]);
    actor(1).exit("exit code 0");
    await expect.poll(() => actor(2).heard).toEqual(["SIGTERM"]);
    actor(2).exit("exit code 0");
    await reloaded;
    expect(supervisor.workers().map(({ pid }) => pid)).toEqual([3, 4]);
    expect([supervisor.serving().length, supervisor.restarts]).toEqual([2, 0]);
  });

  it("whose new worker cannot start leaves the others as they are, and says why", async () => {
    supervise(2, (one) => setImmediate(() => (one.pid < 3 ? one.say({ type: "ready" }) : one.exit("exit code 1"))));
    await supervisor.start();
    await supervisor.reload();
    expect([supervisor.serving().length, actor(1).heard, actor(2).heard]).toEqual([2, [], []]);
    expect(logged.map(({ level }) => level)).toEqual(["error"]);
  });

  it("asked for twice meanwhile runs once more", async () => {
    supervise(1);
    await supervisor.start();
    const ending = setInterval(
      () => actors.filter((one) => one.isAlive && one.heard.includes("SIGTERM")).map((one) => one.exit("exit code 0")),
      1,
    );
    await Promise.all([supervisor.reload(), supervisor.reload(), supervisor.reload()]);
    clearInterval(ending);
    expect(supervisor.workers().map(({ pid }) => pid)).toEqual([3]);
  });
});

describe("what a worker counted", () => {
  it("is asked of it; one that does not answer in time, or is gone, counts with what it said last", async () => {
    supervise(1);
    await supervisor.start();
    const [worker] = supervisor.workers();
    const metric = (value: number) => ({
      type: "metrics" as const,
      metrics: [{ name: "a", help: "A.", type: "counter" as const, aggregator: "sum" as const, values: [{ value }] }],
    });
    const answered = worker?.readMetrics(1_000);
    actor(1).say({ ...metric(1), id: actor(1).lastId });
    expect(await answered).toEqual(metric(1).metrics);
    expect(await worker?.readMetrics(10)).toEqual(metric(1).metrics);
    actor(1).say(metric(2));
    actor(1).exit("SIGKILL");
    expect(await worker?.readMetrics(1_000)).toEqual(metric(2).metrics);
  });
});
