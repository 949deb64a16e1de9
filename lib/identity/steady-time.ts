import { setTimeout as sleep } from "node:timers/promises";

const answerMs = 250;

/**
 * Runs `work` and answers no sooner than 250 ms after it began, whether it failed or not. For answers that must not tell, by
 * their speed, whether an address has an account: the work of either kind ends well before.
 */
export async function inSteadyTime<T>(work: () => Promise<T>): Promise<T> {
  const [outcome] = await Promise.allSettled([work(), sleep(answerMs)]);
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}
