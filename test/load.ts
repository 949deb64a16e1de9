import { Agent, request } from "node:http";

export interface LoadOptions {
  /** Where to call; an origin that refuses the connection is passed over for the next one, as a load balancer does. */
  origins: readonly string[];
  headers: Record<string, string>;
  /** How many callers keep their connection, and how many open one for each call. */
  kept: number;
  fresh: number;
}

export interface LoadResult {
  sent: number;
  answered: number;
  /** What went wrong, counted. */
  failures: Record<string, number>;
}

export interface Load {
  /** As it stands. */
  result: LoadResult;
  /** Lets the calls under way end. */
  stop(): Promise<LoadResult>;
}

/** Calls /echo/<n> all the time, each caller as fast as it is answered, and checks that each answer is that of its call. */
export function startLoad({ origins, headers, kept, fresh }: LoadOptions): Load {
  const result: LoadResult = { sent: 0, answered: 0, failures: {} };
  let isOver = false;
  let calls = 0;
  const caller = async (agent: Agent | false) => {
    while (!isOver) {
      calls += 1;
      const failure = await callAny(origins, calls, headers, agent, result);
      if (failure === undefined) result.answered += 1;
      else result.failures[failure] = (result.failures[failure] ?? 0) + 1;
    }
    if (agent) agent.destroy();
  };
  const callers = [
    ...Array.from({ length: kept }, () => caller(new Agent({ keepAlive: true, maxSockets: 1 }))),
    ...Array.from({ length: fresh }, () => caller(false)),
  ];
  return {
    result,
    async stop() {
      isOver = true;
      await Promise.all(callers);
      return result;
    },
  };
}

/** Why the call failed; undefined when it did not. */
async function callAny(
  origins: readonly string[],
  call: number,
  headers: Record<string, string>,
  agent: Agent | false,
  result: LoadResult,
): Promise<string | undefined> {
  let failure: string | undefined;
  for (let turn = 0; turn < origins.length; turn++) {
    const origin = origins[(call + turn) % origins.length];
    failure = await callOne(`${origin}/echo/${call}`, headers, agent);
    if (failure === "ECONNREFUSED") continue; // nothing was sent
    break;
  }
  result.sent += 1;
  return failure;
}

function callOne(url: string, headers: Record<string, string>, agent: Agent | false): Promise<string | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(url, { agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("error", (error: NodeJS.ErrnoException) => resolve(`answer broke off: ${error.code}`));
      response.on("end", () => {
        const isRight = response.statusCode === 200 && text === new URL(url).pathname;
        resolve(isRight ? undefined : `${response.statusCode} ${text.slice(0, 200)}`);
      });
    });
    outgoing.setTimeout(15_000, () => outgoing.destroy(Object.assign(new Error(), { code: "no answer in 15 s" })));
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      const connection = outgoing.reusedSocket ? "a kept connection" : "a new connection";
      resolve(error.code === "ECONNREFUSED" ? error.code : `${error.code} on ${connection}`);
    });
    outgoing.end();
  });
}
