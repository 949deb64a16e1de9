import type { Socket } from "node:net";
import { buildConnector, Client, type Dispatcher, errors, Pool } from "undici";

/** What a connection tells the exchange that it carries. */
export interface Carried {
  connection: Connection | null;
}

/** One connection to an upstream, which knows whether it has brought an answer before. undici does not tell. */
export class Connection extends Client {
  /** Answers since the socket was opened. More than none: it may have gone stale while it lay idle. */
  answers = 0;

  constructor(origin: URL | string, options: object) {
    super(origin, options);
    this.on("connect", () => {
      this.answers = 0;
    });
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler & Partial<Carried>,
  ): boolean {
    handler.connection = this;
    return super.dispatch(options, handler);
  }
}

export interface ConnectionsOptions {
  origin: string;
  /** Sockets at most. */
  connectionsMax: number;
  connectTimeoutMs: number;
}

/** undici's own timeout is up to a second late, which another target could have used. */
function connectWithin(timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ allowH2: false, timeout: 0 });
  return (options, done) => {
    let timer: NodeJS.Timeout | undefined;
    const socket: unknown = connect(options, (...result) => {
      clearTimeout(timer);
      done(...result);
    });
    timer = setTimeout(() => (socket as Socket).destroy(new errors.ConnectTimeoutError()), timeoutMs);
  };
}

/** Requests that may wait, for each socket, until one is free. More would only be answered too late. */
const waitingPerConnection = 4;

/** The keep-alive connections to one origin. */
export class Connections {
  readonly connectTimeoutMs: number;
  /** Requests for which no socket was free. Whoever sees its request wait counts it, and takes it off again. */
  waiting = 0;
  readonly #waitingMax: number;
  readonly #pool: Pool;

  constructor({ origin, connectionsMax, connectTimeoutMs }: ConnectionsOptions) {
    this.connectTimeoutMs = connectTimeoutMs;
    this.#waitingMax = connectionsMax * waitingPerConnection;
    this.#pool = new Pool(origin, {
      connections: connectionsMax,
      pipelining: 1, // an answer can then only belong to the one request that is under way
      connect: connectWithin(connectTimeoutMs),
      allowH2: false,
      maxHeaderSize: 64 * 1024,
      factory: (url: URL, options: object) => new Connection(url, options),
    });
  }

  get isCrowded(): boolean {
    return this.waiting >= this.#waitingMax;
  }

  /** False when every socket is taken, so that this request may be waiting for one. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler & Carried): boolean {
    return this.#pool.dispatch(options, handler);
  }

  /** Lets the requests under way end, and takes no more. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Cuts what is under way. */
  destroy(): Promise<void> {
    return this.#pool.destroy();
  }
}
