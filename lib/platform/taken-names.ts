import { AppError } from "#lib/core/errors";

/**
 * Waits for a write that only a unique constraint can refuse, and says that refusal as a CONFLICT: of two at once, one gets the
 * name. The transaction is over then, as after every refusal.
 */
export async function conflictIfTaken<T>(write: Promise<T>, sentence: string): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "P2002") throw error; // Prisma: unique constraint failed
    throw new AppError("CONFLICT", sentence, { cause: error });
  }
}
