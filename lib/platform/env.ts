import { readFileSync } from "node:fs";
import { z } from "zod";
import { canonicalRange } from "#lib/core/ip-addresses";

const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
const secret = z.string().min(32, "must hold at least 32 bytes").optional();
const flag = (fallback: boolean) =>
  z
    .enum(["1", "0", "true", "false"])
    .transform((text) => text === "1" || text === "true")
    .default(fallback);
const roleNames = ["portal", "gateway", "worker"] as const;

/** What a process does: pages and the management API, the data plane, or jobs. */
export type Role = (typeof roleNames)[number];

const units = { s: 1, m: 60, h: 3600, d: 86400 } as const;

/** `90`, `90s`, `15m`, `24h` or `30d`, read as seconds. */
const duration = (fallback: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,7}[smhd]?$/, "must be seconds, or a number with s, m, h or d")
    .default(fallback)
    .transform((text) => {
      const unit = text.at(-1) as keyof typeof units;
      return unit in units ? Number(text.slice(0, -1)) * units[unit] : Number(text);
    });

const rates = z
  .string()
  .regex(
    /^[1-9]\d{0,8}\/(second|minute|hour|day)(,[1-9]\d{0,8}\/(second|minute|hour|day))*$/,
    "must look like 60/minute,1000/hour,10000/day",
  )
  .default("60/minute,1000/hour,10000/day");

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  HOST: z.string().default("127.0.0.1"),
  PORT: port(3000),
  GATEWAY_PORT: port(8080),
  METRICS_PORT: port(9090),
  METRICS_ENABLED: flag(true),
  ROLES: z
    .string()
    .default("portal,gateway,worker")
    .transform((text, context) => {
      const names = text.split(",").map((name) => name.trim());
      const unknown = names.filter((name) => !roleNames.includes(name as Role));
      if (unknown.length > 0)
        context.addIssue({ code: "custom", message: `knows portal, gateway and worker, not ${unknown.join(", ")}` });
      return [...new Set(names)] as Role[];
    }),
  GATEWAY_WORKERS: z.coerce.number().int().min(1).max(64).default(1),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .regex(/^https?:\/\/[^/?#]+\/?$/, "must be a scheme and a host, without a path")
    .optional(),
  TRUSTED_PROXIES: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((cidr) => cidr.trim())
        .filter(Boolean),
    )
    .refine((ranges) => ranges.every(canonicalRange), "must list addresses and CIDR ranges"),
  DATA_DIR: z.string().min(1).default(".data"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  APP_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  LISTEN_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_POOL_MAX: z.coerce.number().int().min(2).max(500).default(20),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  AUTH_SECRET: secret,
  KEY_PEPPER: secret,
  ENCRYPTION_KEY: secret,
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().default("Portico <no-reply@portico.localhost>"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  USER_JWT_TTL: duration("24h"),
  PARTNER_JWT_TTL: duration("3600"),
  DEFAULT_RATE_LIMITS: rates,
  API_RATE_LIMIT_DEFAULT: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
  API_RATE_LIMIT_WINDOW: z.coerce.number().int().min(1).max(31_622_400).optional(),
  API_KEY_LENGTH: z.coerce
    .number()
    .default(32)
    .refine(
      (length) => length === 32,
      "must be 32: a key is ak_ + 26 random characters + 6 of checksum, and every client checks that",
    ),
  SPOOL_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(65536)
    .default(1024 ** 3),
  PORTICO_DEMO: flag(false),
});

const secretNames = ["AUTH_SECRET", "KEY_PEPPER", "ENCRYPTION_KEY"] as const;
const fromFiles = [...secretNames, "DATABASE_URL", "REDIS_URL", "SMTP_URL"] as const;

type Parsed = z.output<typeof schema>;

/** Validated settings of this process. Durations in seconds. */
export type Env = Parsed & {
  AUTH_SECRET: string;
  KEY_PEPPER: string;
  ENCRYPTION_KEY: string;
  PUBLIC_URL: string;
  DATABASE_URL: string;
  /** Services to register at start, name → base URL: each `UPSTREAM_<NAME>`. */
  UPSTREAMS: ReadonlyMap<string, string>;
};

declare module "#lib/platform/runtime" {
  interface Runtime {
    env: Env;
  }
}

type Source = Readonly<Record<string, string | undefined>>;

/** The settings were wrong; `message` lists every one of them. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/**
 * Reads and validates all settings at once, from the variables given (normally `process.env`). `NAME_FILE` is read where a
 * secret may come from a file. Throws a SettingsError naming every wrong variable.
 */
export function readEnv(source: Source = process.env): Env {
  const given = Object.fromEntries(Object.entries(withFiles(source)).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  for (const name of [...secretNames, "DATABASE_URL"] as const) {
    if (given[name] === undefined) problems.push(`${name} is not set`);
  }
  if (parsed.success && (given.API_RATE_LIMIT_DEFAULT === undefined) !== (given.API_RATE_LIMIT_WINDOW === undefined)) {
    problems.push("API_RATE_LIMIT_DEFAULT and API_RATE_LIMIT_WINDOW go together");
  }
  const upstreams = readUpstreams(given, problems);
  if (problems.length > 0 || !parsed.success) throw new SettingsError(`Settings are wrong: ${problems.join("; ")}.`);
  const env = parsed.data;
  const publicUrl = (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/$/, "");
  return { ...env, PUBLIC_URL: publicUrl, UPSTREAMS: upstreams } as Env;
}

const upstreamName = /^UPSTREAM_([A-Z][A-Z0-9_]{0,62})$/;
const upstreamUrl = /^https?:\/\/[^\s/?#@\\][^\s?#@\\]*$/;

function readUpstreams(given: Source, problems: string[]): Map<string, string> {
  const upstreams = new Map<string, string>();
  for (const [variable, url = ""] of Object.entries(given)) {
    if (!variable.startsWith("UPSTREAM_")) continue;
    const name = upstreamName.exec(variable)?.[1];
    if (name && upstreamUrl.test(url) && URL.canParse(url)) upstreams.set(name.toLowerCase(), url);
    else problems.push(`${variable} must be UPSTREAM_<NAME> with an http or https address`);
  }
  return upstreams;
}

function withFiles(source: Source): Source {
  const values: Record<string, string | undefined> = { ...source };
  for (const name of fromFiles) {
    const file = source[`${name}_FILE`];
    if (file && values[name] === undefined) values[name] = readSecretFile(name, file);
  }
  return values;
}

function readSecretFile(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new SettingsError(`Settings are wrong: ${name}_FILE names ${file}, which cannot be read.`);
  }
}
