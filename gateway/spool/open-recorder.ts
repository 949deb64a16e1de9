import { frameBatch } from "#gateway/spool/batch";
import type { SpoolWriter } from "#gateway/spool/spool-writer";
import { encodeSumKey, encodeUsageRow, type UsageEvent } from "#lib/usage/event";
import type { Recorded } from "#lib/usage/recorder";

export interface RecorderOptions {
  writer: SpoolWriter;
  /** Of the refusals of callers nobody knows, how many a second become rows. */
  sampledPerSecond?: number;
  /** A monotonic clock, milliseconds. */
  clockMs?: () => number;
}

export interface OpenRecorder {
  record(event: UsageEvent): Promise<Recorded>;
  countRefusal(event: UsageEvent): Promise<Recorded>;
  /** Writes what this turn holds now, and the counts of what found no room before. */
  flush(): void;
  /** Events that found no room and are not even counted: 0 unless the disk stayed full for days. */
  lost(): number;
  /** Events that became rows of the spool. */
  rows(): number;
}

/** What happened in one turn of the event loop, and the promises its requests wait for. */
interface Turn {
  events: UsageEvent[];
  counts: Map<string, number>;
  kept: Promise<Recorded>;
  counted: Promise<Recorded>;
  end: (isWritten: boolean) => void;
}

const unwrittenMax = 10_000;

/** Gathers the events of each event-loop turn into one write. */
export function openRecorder({
  writer,
  sampledPerSecond = 20,
  clockMs = () => performance.now(),
}: RecorderOptions): OpenRecorder {
  let turn: Turn | undefined;
  let unwritten = new Map<string, number>();
  let lost = 0;
  let rows = 0;
  let sampled = 0;
  let sampledSinceMs = clockMs();

  const isSampled = (): boolean => {
    const elapsedMs = clockMs() - sampledSinceMs;
    if (elapsedMs >= 1_000) [sampled, sampledSinceMs] = [0, sampledSinceMs + elapsedMs];
    sampled += 1;
    return sampled <= sampledPerSecond;
  };

  // setImmediate runs after all requests that arrived together were read, and before the loop waits for more.
  const thisTurn = (): Turn => {
    if (turn === undefined) {
      turn = startTurn();
      setImmediate(flush);
    }
    return turn;
  };

  const flush = (): void => {
    const ended = turn;
    turn = undefined;
    if (ended === undefined && unwritten.size === 0) return;
    const events = ended?.events ?? [];
    const counts = ended ? addAll(ended.counts, unwritten) : unwritten;
    const isWritten = writer.append(frame(events, counts));
    if (isWritten) rows += events.length;
    unwritten = isWritten ? new Map() : addAll(counts, countsOf(events));
    for (const [key, requests] of [...unwritten].slice(unwrittenMax)) {
      unwritten.delete(key);
      lost += requests;
    }
    ended?.end(isWritten);
  };

  return {
    record(event) {
      const current = thisTurn();
      current.events.push(event);
      return current.kept;
    },
    countRefusal(event) {
      const current = thisTurn();
      if (isSampled()) {
        current.events.push(event);
        return current.kept;
      }
      const key = encodeSumKey(event);
      current.counts.set(key, (current.counts.get(key) ?? 0) + 1);
      return current.counted;
    },
    flush,
    lost: () => lost,
    rows: () => rows,
  };
}

function startTurn(): Turn {
  let end = (_isWritten: boolean): void => {};
  const written = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  const kept = written.then((isWritten): Recorded => (isWritten ? "kept" : "dropped"));
  const counted = written.then((isWritten): Recorded => (isWritten ? "counted" : "dropped"));
  return { events: [], counts: new Map(), kept, counted, end };
}

function frame(events: readonly UsageEvent[], counts: ReadonlyMap<string, number>): Buffer {
  const rows = events.length === 0 ? [] : [frameBatch("#", events.map(encodeUsageRow).join(""))];
  const lines = [...counts].map(([key, requests]) => `${requests}\t${key}\n`);
  const batches = lines.length === 0 ? rows : [...rows, frameBatch("+", lines.join(""))];
  return batches.length === 1 && batches[0] ? batches[0] : Buffer.concat(batches);
}

function countsOf(events: readonly UsageEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of events.map(encodeSumKey)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function addAll(counts: ReadonlyMap<string, number>, more: ReadonlyMap<string, number>): Map<string, number> {
  const sum = new Map(counts);
  for (const [key, requests] of more) sum.set(key, (sum.get(key) ?? 0) + requests);
  return sum;
}
