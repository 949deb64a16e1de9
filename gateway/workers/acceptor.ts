import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { stopListening } from "#gateway/connections";
import type { GatewayWorker } from "#gateway/workers/gateway-worker";

export interface Acceptor {
  /** Rejects as `listen` of node:net does. */
  listen(port: number, host: string): Promise<void>;
  /** Gives out what waits because there was no worker. */
  resume(): void;
  /** Stops accepting after `lingerMs`. Resolves when every connection is with a worker, or closed because none is left. */
  close(lingerMs: number): Promise<void>;
}

const waitingMax = 10_000;
const retryMs = 5;

/**
 * Accepts for all workers and gives connections out in turn: while workers come and go the port stays open, and no connection is lost.
 * (node:cluster does the same, but forgets a connection that is on its way to a worker when that is killed, and leaves its caller
 * hanging; and it cannot stop accepting before its workers do.)
 */
export function createAcceptor(serving: () => readonly GatewayWorker[]): Acceptor {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  const waiting: Socket[] = [];
  const underWay = new Set<Promise<void>>();
  let turn = 0;
  let isClosing = false;

  async function giveOut(socket: Socket): Promise<void> {
    while (!socket.destroyed) {
      const worker = leastBusy(serving(), turn++);
      if (!worker) return wait(socket);
      if (await worker.give(socket)) return void socket.destroy(); // our end of it; the worker has its own
      await sleep(retryMs); // whatever keeps it from being taken must get its turn: trying again at once would be all we do
    }
  }

  function wait(socket: Socket): void {
    if (isClosing || waiting.length >= waitingMax) socket.destroy();
    else waiting.push(socket);
  }

  function begin(socket: Socket): void {
    const giving = giveOut(socket).finally(() => underWay.delete(giving));
    underWay.add(giving);
  }

  server.on("connection", (socket) => {
    socket.on("error", () => socket.destroy());
    begin(socket);
  });
  return {
    async listen(port, host) {
      server.listen(port, host);
      await once(server, "listening"); // rejects with the server's "error"
    },
    resume() {
      for (const socket of waiting.splice(0)) begin(socket);
    },
    async close(lingerMs) {
      await sleep(lingerMs);
      await stopListening(server);
      isClosing = true;
      while (underWay.size > 0) await Promise.all(underWay);
      for (const socket of waiting.splice(0)) socket.destroy();
    },
  };
}

/** Of those with the fewest connections not yet answered for, one after another: one that hangs gets no more. */
function leastBusy(workers: readonly GatewayWorker[], turn: number): GatewayWorker | undefined {
  let chosen: GatewayWorker | undefined;
  for (let n = 0; n < workers.length; n++) {
    const worker = workers[(turn + n) % workers.length];
    if (worker && (!chosen || worker.waiting < chosen.waiting)) chosen = worker;
  }
  return chosen;
}
