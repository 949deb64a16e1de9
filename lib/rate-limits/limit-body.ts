import { z } from "zod";

const rate = z.int().min(1).max(1_000_000_000);

/** A limit as the API reads and writes it (rules R15). Which fields go together is checked when it is taken over. */
export const limitBody = z
  .strictObject({
    algorithm: z.enum(["sliding_window", "fixed_window", "token_bucket"]).default("sliding_window"),
    limit: rate.optional(),
    window_seconds: z.int().min(1).max(31_622_400).optional(),
    burst: rate.optional().meta({ description: "On a window: at most so many in one second. On a bucket: its size." }),
    refill_rate: z.number().positive().max(1_000_000).optional().meta({ description: "Tokens a second, of a bucket." }),
    tokens_per_second: z
      .number()
      .positive()
      .max(1_000_000)
      .optional()
      .meta({ description: "The same as refill_rate." }),
    aligned_to: z.string().max(5).optional().meta({ description: "HH:MM at which a fixed window of a day starts." }),
    timezone: z.string().max(64).optional(),
  })
  .meta({ id: "Limit" });

export type LimitBody = z.output<typeof limitBody>;
