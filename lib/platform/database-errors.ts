/** SQLSTATE classes and the codes of pg and Prisma that mean: ask again later (connection, shutdown, resources, locks, timeouts). */
const downCodes =
  /^(08\w{3}|57P0[1-3]|53\w{3}|55P03|57014|40001|40P01|ECONNREFUSED|ECONNRESET|ETIMEDOUT|P1001|P1002|P1008|P1017|P2024|P2028)$/;
const downMessages =
  /timeout exceeded when trying to connect|Connection terminated|is not queryable|terminating connection|the database system is/i;

interface Coded {
  code?: unknown;
  message?: unknown;
  cause?: unknown;
  meta?: { code?: unknown; driverAdapterError?: { cause?: { originalCode?: unknown; kind?: unknown } } };
}

/** Whether a failed query failed because PostgreSQL could not be asked, rather than because of what was asked. */
export function isDatabaseDown(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, message, cause, meta } = error as Coded;
  const driver = meta?.driverAdapterError?.cause;
  const codes = [code, meta?.code, driver?.originalCode].filter((value) => typeof value === "string");
  if (codes.some((value) => downCodes.test(value)) || driver?.kind === "DatabaseNotReachable") return true;
  if (typeof message === "string" && downMessages.test(message)) return true;
  return cause !== undefined && cause !== error && isDatabaseDown(cause);
}
