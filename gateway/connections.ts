import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

interface Connection {
  responses: Set<ServerResponse>;
  /** After an answer with `Connection: close` nothing that was pipelined behind it is processed (RFC 9112 9.6). */
  isLast: boolean;
  isUpgraded: boolean;
  /** Bytes read when the last answer was complete: more than that means that a request is on its way in. */
  bytesAtRest: number;
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
  isDraining(): boolean;
  drain(timeoutMs: number): Promise<boolean>;
}

/** For this long after the start of a drain, kept-alive connections are told `Connection: close` with their next answer. */
const lingerMs = 500;

/** Follows the connections of `server` so that it can be stopped without losing a request. */
export function followConnections(server: Server): Connections {
  const open = new Map<Duplex, Connection>();
  let phase: "serving" | "draining" | "closing" = "serving";

  server.on("connection", (socket: Socket) => {
    open.set(socket, { responses: new Set(), isLast: false, isUpgraded: false, bytesAtRest: 0 });
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
        if (phase === "closing") closeIdle(open);
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
    isDraining: () => phase !== "serving",
    async drain(timeoutMs) {
      const deadline = AbortSignal.timeout(timeoutMs);
      phase = "draining";
      announceClose(open);
      const lingered = AbortSignal.any([deadline, AbortSignal.timeout(lingerMs)]);
      while (open.size > 0 && !lingered.aborted) await sleep(10);
      phase = "closing";
      return closeServer(server, open, deadline);
    },
  };
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
 * Stops accepting and resolves when the last connection is gone: true, or false if the deadline cut some of them.
 * `Server.close` of node:http would also destroy connections whose answer is complete but not yet flushed to the peer,
 * so the close of node:net is called, and idle connections are found by our own count.
 */
function closeServer(server: Server, open: ReadonlyMap<Duplex, Connection>, deadline: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    deadline.addEventListener("abort", () => {
      for (const socket of open.keys()) socket.destroy();
    });
    NetServer.prototype.close.call(server, () => resolve(!deadline.aborted));
    if (deadline.aborted) for (const socket of open.keys()) socket.destroy();
    else closeIdle(open);
  });
}

function closeIdle(open: ReadonlyMap<Duplex, Connection>): void {
  for (const [socket, { responses, isUpgraded, bytesAtRest }] of open) {
    const { bytesRead } = socket as Socket;
    if (isUpgraded || (responses.size === 0 && bytesRead === bytesAtRest)) (socket as Socket).destroySoon();
  }
}
