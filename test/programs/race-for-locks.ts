import { tryLock } from "#dev/lock-file";

// Tries every lock `<file>-<round>` at the same moment as the other processes it was started with, and prints those it got.
const [file = "", rounds = "", startMs = ""] = process.argv.slice(2);
const taken: number[] = [];
for (let round = 0; round < Number(rounds); round++) {
  const turnMs = Number(startMs) + 5 * round;
  while (Date.now() < turnMs); // sleeping would not wake all of them together
  if (!tryLock(`${file}-${round}`)) taken.push(round);
}
process.stdout.write(`${JSON.stringify(taken)}\n`);
process.stdin.resume(); // lives on: the slowest racer must find us alive, or it may take over our locks
