import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

interface Connection {
  responses: Set<ServerResponse>;
  /** After an answer with `Connection: close` nothing that was pipelined behind it is processed (RFC 9112 9.6). */
  isLast: boolean;
  isUpgraded: boolean;
  isClosing: boolean;
  /** Bytes read when the last answer was complete: more than that means that a request is on its way in. */
  bytesAtRest: number;
  /** When that was, or when it was opened. */
  quietSinceMs: number;
}

/** The open connections of a server and the answers each of them waits for. */
export interface Connections {
  /** False if the connection ends with an earlier answer: then the request must be left alone. */
  begin(req: IncomingMessage, res: ServerResponse): boolean;
  /** Ends the connection with the answer that is now under way. */
  endWith(res: ServerResponse): void;
  /** The answer this socket waits for, if any. */
  underWay(socket: Duplex): ServerResponse | undefined;
  /** This socket speaks another protocol from now on. A drain does not wait for it. */
  release(socket: Duplex): void;
  /** How many are open. */
  count(): number;
  isDraining(): boolean;
  /** Whether a drain is over, so that a connection that comes now would not be served. */
  isOver(): boolean;
  drain(timeoutMs: number): Promise<boolean>;
}

/** For this long after the start of a drain, kept-alive connections are told `Connection: close` with their next answer. */
const lingerMs = 500;
/** Longer than whoever gives out connections takes to stop accepting. */
const givenLingerMs = 1_500;
/** A connection this long without a request is closed then; before, its next request may already be on its way. */
const quietMs = 1_000;
const cutMs = 1_000;
/** A turn of the event loop shorter than this had little to do. */
const quietTurnMs = 0.1;
const quietTurnWaitMs = 1_000;

/** Follows the connections of `server` so that it can be stopped without losing a request. */
export function followConnections(server: Server): Connections {
  const open = new Map<Duplex, Connection>();
  let phase: "serving" | "draining" | "over" = "serving";

  server.on("connection", (socket: Socket) => {
    open.set(socket, {
      responses: new Set(),
      isLast: false,
      isUpgraded: false,
      isClosing: false,
      bytesAtRest: 0,
      quietSinceMs: performance.now(),
    });
    socket.once("close", () => open.delete(socket));
  });

  return {
    begin(req, res) {
      const { socket } = req; // taken now: it is null once a client went away in the middle of its body
      const connection = open.get(socket);
      if (!connection || connection.isLast) return false;
      if (phase !== "serving") res.shouldKeepAlive = false;
      connection.isLast = !res.shouldKeepAlive;
      connection.responses.add(res);
      res.once("close", () => {
        connection.responses.delete(res);
        connection.bytesAtRest = socket.bytesRead;
        connection.quietSinceMs = performance.now();
      });
      return true;
    },
    endWith(res) {
      const connection = res.req.socket && open.get(res.req.socket);
      if (connection) endAfter(connection, res);
    },
    underWay: (socket) => open.get(socket)?.responses.values().next().value,
    release(socket) {
      const connection = open.get(socket);
      if (connection) connection.isUpgraded = true;
    },
    count: () => open.size,
    isDraining: () => phase !== "serving",
    isOver: () => phase === "over",
    async drain(timeoutMs) {
      const deadlineMs = performance.now() + timeoutMs;
      phase = "draining";
      announceClose(open);
      // One that does not listen is given connections, and cannot know that there are no more on their way.
      if (server.listening) await until(() => open.size === 0, Math.min(lingerMs, timeoutMs));
      else await sleep(Math.min(givenLingerMs, timeoutMs));
      await stopListening(server);
      await until(() => closeQuiet(open), deadlineMs - performance.now());
      const isClean = open.size === 0;
      for (const socket of open.keys()) socket.destroy();
      await until(() => open.size === 0, cutMs); // whoever records a call that was cut hears of it as it closes
      phase = "over";
      return isClean;
    },
  };
}

async function until(isTrue: () => boolean, withinMs: number): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!isTrue() && performance.now() < deadlineMs) await sleep(10);
}

function announceClose(open: ReadonlyMap<Duplex, Connection>): void {
  for (const connection of open.values()) {
    const newest = [...connection.responses].at(-1);
    if (newest && !newest.headersSent) endAfter(connection, newest);
  }
}

function endAfter(connection: Connection, res: ServerResponse): void {
  res.shouldKeepAlive = false; // makes Node send `Connection: close`
  connection.isLast = true;
}

/**
 * Stops accepting. The system resets connections that wait to be accepted at that moment, so it is done at the end of a turn of the
 * event loop in which nobody came and little else was done: then nobody waits. `Server.close` of node:http would also destroy
 * connections whose answer is complete but not yet flushed to the peer, so the close of node:net is called.
 */
export async function stopListening(server: NetServer): Promise<void> {
  const giveUpAtMs = performance.now() + quietTurnWaitMs;
  let cameAtMs = performance.now();
  const note = () => {
    cameAtMs = performance.now();
  };
  server.on("connection", note);
  for (let turnMs = performance.now(); turnMs < giveUpAtMs; ) {
    await new Promise((resolve) => setImmediate(resolve)); // runs when the system was asked for what is new
    const nowMs = performance.now();
    if (cameAtMs < turnMs && nowMs - turnMs < quietTurnMs) break;
    turnMs = nowMs;
  }
  server.off("connection", note);
  NetServer.prototype.close.call(server);
}

/** Closes connections that nothing comes on any more. True when none is left. */
function closeQuiet(open: ReadonlyMap<Duplex, Connection>): boolean {
  const quietBeforeMs = performance.now() - quietMs;
  for (const [socket, connection] of open) {
    const { responses, isUpgraded, isClosing, bytesAtRest, quietSinceMs } = connection;
    if (isClosing) continue;
    const isAtRest = responses.size === 0 && (socket as Socket).bytesRead === bytesAtRest;
    if (!isUpgraded && !(isAtRest && quietSinceMs <= quietBeforeMs)) continue;
    connection.isClosing = true;
    (socket as Socket).destroySoon();
  }
  return open.size === 0;
}
