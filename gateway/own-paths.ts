import type { IncomingMessage, ServerResponse } from "node:http";
import { methods } from "#gateway/admit";
import { answerJson } from "#gateway/answer-problem";
import type { Readiness } from "#gateway/readiness";
import { AppError } from "#lib/core/errors";

/** What runs here. */
export interface Build {
  version: string;
  /** ISO 8601, UTC. */
  started_at: string;
}

interface Sources {
  build: Build;
  /** Asked at each call of /readyz; a rejection reads as not ready. */
  readiness: () => Promise<Readiness>;
  isDraining: () => boolean;
}

type Answer = (res: ServerResponse) => void | Promise<void>;

const ownPathNames: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/version", "*"]);

/** Whether the process itself answers this path, where no gateway's host is concerned. */
export function isOwnPath(path: string): boolean {
  return ownPathNames.has(path);
}

/** The paths of the process itself, by exact path: alive, ready, version, and `OPTIONS *`. */
export function ownPaths(sources: Sources): (req: IncomingMessage, path: string) => Answer | undefined {
  const answers: Record<string, Answer> = {
    "/healthz": (res) => answerJson(res, 200, { status: "ok" }),
    "/readyz": (res) => answerReadiness(res, sources),
    "/version": (res) => answerJson(res, 200, sources.build),
  };
  return (req, path) => {
    if (path === "*") return answerServerOptions;
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (!answer || req.method === "GET" || req.method === "HEAD") return answer;
    return () => {
      throw new AppError("METHOD_NOT_ALLOWED", `${path} is only read.`, { headers: { allow: "GET, HEAD" } });
    };
  };
}

/** `OPTIONS *` (RFC 9110 9.3.7): what the server as a whole takes. */
function answerServerOptions(res: ServerResponse): void {
  res.writeHead(204, { allow: methods.join(", ") }).end();
}

async function answerReadiness(res: ServerResponse, { readiness, isDraining }: Sources): Promise<void> {
  if (isDraining()) return answerJson(res, 503, { status: "stopping", checks: {} });
  const { ready, checks } = await readiness().catch(() => ({ ready: false, checks: { process: "cannot be checked" } }));
  answerJson(res, ready ? 200 : 503, { status: ready ? "ready" : "not_ready", checks });
}
