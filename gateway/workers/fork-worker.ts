import { fork } from "node:child_process";
import { GatewayWorker } from "#gateway/workers/gateway-worker";

const workerArgument = "--gateway-worker";

/** Whether a supervisor started this process. */
export function isGatewayWorker(): boolean {
  return process.argv.includes(workerArgument);
}

/** Starts this program again as a gateway worker, which is given its connections by this process. */
export function forkWorker(): GatewayWorker {
  const [, program = ""] = process.argv;
  const child = fork(program, [workerArgument], { serialization: "advanced" }); // metrics hold NaN, which JSON does not
  child.on("error", () => undefined); // of a channel that closed while we wrote: its end says the rest
  return new GatewayWorker({
    pid: child.pid ?? 0,
    send(message, socket) {
      // Ours stays open until the worker says that it has taken its own, or that it has not.
      if (child.connected) child.send(message, socket, { keepOpen: true }, () => undefined);
    },
    kill: (signal) => void child.kill(signal),
    onMessage: (listener) => void child.on("message", listener),
    // Not "exit", after which there may be messages to read; nor "disconnect", which does not come while sockets are on their way.
    onExit: (listener) => void child.once("close", (code, signal) => listener(signal ?? `exit code ${code}`)),
  });
}
