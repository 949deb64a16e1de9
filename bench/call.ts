import { Agent, type IncomingHttpHeaders, request } from "node:http";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Call {
  method?: string;
  key?: string;
  headers?: Record<string, string>;
  body?: Buffer;
}

/** One caller with one connection that it keeps. */
export class Caller {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(port: number) {
    this.#port = port;
  }

  call(path: string, { method = "GET", key, headers = {}, body }: Call = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = key === undefined ? headers : { ...headers, "x-api-key": key };
      const length = body && { "content-length": String(body.length) };
      const options = { host: "127.0.0.1", port: this.#port, agent: this.#agent, path, method };
      const outgoing = request({ ...options, headers: { ...sent, ...length } }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Runs `work` as often as there are callers, at the same time, each with its own connection to one of the ports in turn. */
export async function withCallers<T>(
  ports: readonly number[],
  callers: number,
  work: (caller: Caller, number: number) => Promise<T>,
): Promise<T[]> {
  const all = Array.from({ length: callers }, (_, at) => new Caller(ports[at % ports.length] ?? 0));
  try {
    return await Promise.all(all.map(work));
  } finally {
    for (const caller of all) caller.close();
  }
}
