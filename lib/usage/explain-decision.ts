import { decisions } from "#lib/usage/decision-codes";

interface Decision {
  numbers: readonly string[];
  sentence: string;
}

const byCode = new Map<number, Decision>(
  Object.values(decisions).map(({ code, numbers, sentence }) => [code, { numbers, sentence }]),
);

/** Writes a decision trace as sentences, in the order the checks were made. A code this version does not know ends them. */
export function explainDecisions(trace: readonly number[]): string[] {
  const sentences: string[] = [];
  for (let at = 0; at < trace.length; ) {
    const decision = byCode.get(trace[at] ?? 0);
    if (!decision) return [...sentences, "Further checks were made, which this version cannot read."];
    const { numbers, sentence } = decision;
    const from = at + 1;
    sentences.push(
      sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(trace[from + numbers.indexOf(name)] ?? "?")),
    );
    at = from + numbers.length;
  }
  return sentences;
}
