import { connect, type Socket } from "node:net";

/** A client that speaks bytes, for what no HTTP library would send or would hide. */
export interface RawClient {
  readonly socket: Socket;
  /** Everything received so far, as latin1. */
  text(): string;
  /** The size of each piece in which it came. */
  readonly pieces: number[];
  send(text: string): void;
  /** Resolves with everything received once that matches; rejects when the connection ends before. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with everything received once the connection is closed. */
  closed(): Promise<string>;
}

export async function openRawClient(port: number, text = ""): Promise<RawClient> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  const pieces: number[] = [];
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    pieces.push(chunk.length);
    socket.emit("progress");
  });
  socket.on("error", () => socket.destroy());
  await new Promise((resolve) => socket.once("connect", resolve));
  if (text) socket.write(text, "latin1");
  return {
    socket,
    pieces,
    text: () => received,
    send: (more) => socket.write(more, "latin1"),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(received) && resolve(received);
        socket.on("progress", look).once("close", () => reject(new Error(`Closed after: ${received}`)));
        look();
      }),
    closed: () =>
      new Promise((resolve) => {
        if (socket.closed) resolve(received);
        else socket.once("close", () => resolve(received));
      }),
  };
}
