import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerProblem } from "#gateway/answer-problem";
import { metricsContentType } from "#gateway/metrics-text";
import { type Build, ownPaths } from "#gateway/own-paths";
import type { Readiness } from "#gateway/readiness";
import { isAppError, notFound } from "#lib/core/errors";
import { newId } from "#lib/core/ids";

export interface MetricsServerOptions {
  port: number;
  host: string;
  /** Everything in Prometheus's text format. */
  scrape: () => Promise<string>;
  readiness: () => Promise<Readiness>;
  isDraining: () => boolean;
  build: Build;
  logger: { error(fields: object, message: string): void };
  now: () => Date;
}

export interface MetricsServer {
  port: number;
  close(): Promise<void>;
}

/**
 * The port for those who watch: /metrics, /healthz, /readyz, /version. It answers until everything else is closed. Rejects as
 * `listen` of node:net does.
 */
export async function openMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const own = ownPaths(options);
  const server = createServer({ maxHeaderSize: 16 * 1024 }, (req, res) => {
    answer(req, res).catch((error: unknown) => fail(req, res, error));
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = (req.url ?? "").split("?", 1)[0] ?? "";
    if (path === "/metrics" && (req.method === "GET" || req.method === "HEAD")) {
      const text = Buffer.from(await options.scrape());
      res.writeHead(200, { "content-type": metricsContentType, "content-length": text.length }).end(text);
      return;
    }
    const found = own(req, path);
    if (!found) throw notFound("Page");
    await found(res);
  }

  function fail(req: IncomingMessage, res: ServerResponse, error: unknown): void {
    if (!isAppError(error)) options.logger.error({ err: error, path: req.url }, "a scrape failed");
    answerProblem(res, error, { path: req.url ?? "", requestId: newId("req"), now: options.now() });
  }

  server.listen(options.port, options.host);
  await once(server, "listening"); // rejects with the server's "error"
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
