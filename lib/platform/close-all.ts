/** Closes one thing that was opened. */
export type Closer = () => unknown;

/**
 * Closes what was opened, the last first and each once the one before it is done, also when that failed: an open pool or spool is
 * worse than an error. Empties the list. Rejects at the end with an AggregateError of everything that went wrong.
 */
export async function closeAll(closers: Closer[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closers.splice(0).toReversed()) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return;
  const reasons = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new AggregateError(errors, `Not everything could be closed: ${reasons.join("; ")}`);
}
