import type { Socket } from "node:net";
import type { FromWorker, ToWorker } from "#gateway/workers/messages";
import type { MetricJson } from "#lib/platform/metrics";

/** The supervisor, as a gateway worker sees it. */
export interface Supervised {
  /** Resolves when it is said, or nobody is there to hear it. */
  say(message: FromWorker): Promise<void>;
  /** From now on, answers what it is asked and takes what it is given. */
  serve(worker: { readMetrics: () => Promise<MetricJson[]>; take: (socket: Socket) => boolean }): void;
}

/** The other end of the channel that this process was forked with. */
export function openSupervised(): Supervised {
  const say = (message: FromWorker) =>
    new Promise<void>((resolve) => {
      if (process.connected) process.send?.(message, () => resolve());
      else resolve();
    });
  return {
    say,
    serve({ readMetrics, take }) {
      process.on("message", async (message: ToWorker, socket?: Socket) => {
        const { type, id } = message;
        if (type === "read metrics") return say({ type: "metrics", id, metrics: await readMetrics() });
        if (!socket) return say({ type, id, isTaken: true }); // the caller was gone before it arrived here
        const isTaken = take(socket);
        if (!isTaken) socket.destroy(); // this process's own end of it; the supervisor gives its to another
        return say({ type, id, isTaken });
      });
    },
  };
}
