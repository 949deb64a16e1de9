/** A port and the variable that names it. */
interface NamedPort {
  name: string;
  port: number;
}

/** Why a process could not start, in one sentence for the person at the terminal; the stack only where nobody foresaw the error. */
export function describeFailure(error: unknown, ports: readonly NamedPort[]): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  const name = ports.find((named) => named.port === port)?.name ?? "its variable";
  if (code === "EADDRINUSE")
    return `Port ${port} is in use by another program: end it, or set ${name} to another port.`;
  if (code === "EACCES" && port) return `Port ${port} may only be opened by root: set ${name} to one above 1023.`;
  const isBug = code === undefined && /^(Type|Reference|Range|Syntax)?Error$/.test(error.name);
  return (isBug ? error.stack : error.message) || `Portico could not start (${code ?? error.name}).`;
}
