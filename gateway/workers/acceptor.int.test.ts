import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { freePort } from "#dev/ports";
import { type Acceptor, createAcceptor } from "#gateway/workers/acceptor";
import { GatewayWorker } from "#gateway/workers/gateway-worker";
import type { FromWorker } from "#gateway/workers/messages";

/** A worker without a process: it says of each connection what a test tells it to. */
class Played {
  given: { id: number; socket: Socket | undefined }[] = [];
  isTaking: boolean | undefined = true;
  say: (message: FromWorker) => void = () => undefined;
  exit: (how: string) => void = () => undefined;
  readonly worker = new GatewayWorker({
    pid: 1,
    send: ({ id }, socket) => {
      this.given.push({ id, socket });
      if (this.isTaking !== undefined) setImmediate(() => this.answer(id, this.isTaking === true));
    },
    kill: () => undefined,
    onMessage: (listener) => {
      this.say = listener;
    },
    onExit: (listener) => {
      this.exit = listener;
    },
  });

  answer(id: number, isTaken: boolean): void {
    this.say({ type: "connection", id, isTaken });
  }
}

let acceptor: Acceptor;
let serving: Played[];
let port: number;

beforeEach(async () => {
  serving = [];
  acceptor = createAcceptor(() => serving.map(({ worker }) => worker));
  port = await freePort();
  await acceptor.listen(port, "127.0.0.1");
});
afterEach(() => acceptor.close(0));

interface Caller {
  socket: Socket;
  closed: Promise<unknown>;
}

async function call(): Promise<Caller> {
  const socket = connect(port, "127.0.0.1")
    .on("error", () => undefined)
    .resume();
  const closed = once(socket, "close");
  await once(socket, "connect");
  return { socket, closed };
}

it("gives connections out in turn", async () => {
  serving = [new Played(), new Played()];
  for (let n = 0; n < 10; n++) await (await call()).closed;
  expect(serving.map(({ given }) => given.length)).toEqual([5, 5]);
});

it("gives no more to a worker that does not answer while others do", async () => {
  const [stuck, good] = [new Played(), new Played()];
  stuck.isTaking = undefined;
  serving = [stuck, good];
  const callers = await Promise.all(Array.from({ length: 10 }, call));
  await expect.poll(() => good.given.length).toBe(9);
  expect(stuck.given).toHaveLength(1);
  stuck.isTaking = true;
  stuck.answer(stuck.given[0]?.id ?? 0, true);
  await Promise.all(callers.map(({ closed }) => closed));
});

it("a connection that was on its way to a worker when that was killed goes to another", async () => {
  const [victim, heir] = [new Played(), new Played()];
  victim.isTaking = undefined;
  serving = [victim];
  const caller = await call();
  await expect.poll(() => victim.given.length).toBe(1);
  serving = [heir];
  victim.exit("SIGKILL");
  await expect.poll(() => heir.given.length).toBe(1);
  await caller.closed;
});

it("connections wait for a worker when there is none", async () => {
  const callers = await Promise.all(Array.from({ length: 3 }, call));
  const late = new Played();
  serving = [late];
  acceptor.resume();
  await expect.poll(() => late.given.length).toBe(3);
  await Promise.all(callers.map(({ closed }) => closed));
});

it("closing ends although a worker that was chosen is gone", async () => {
  const gone = new Played();
  gone.exit("exit code 0");
  serving = [gone];
  const caller = await call();
  const isClosed = acceptor.close(0);
  setTimeout(() => {
    serving = [];
  }, 50);
  await isClosed;
  await caller.closed;
});
