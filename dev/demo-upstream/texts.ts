const subjects = [
  "the night shift",
  "our field team",
  "a customer in the old town",
  "the network office",
  "a reseller by the harbour",
  "the billing desk",
  "the new engineer",
  "a school on the hill",
  "the help line",
  "the council",
] as const;
const actions = [
  "measured",
  "moved",
  "renewed",
  "asked about",
  "documented",
  "replaced",
  "switched on",
  "compared",
  "postponed",
  "repaired",
] as const;
const things = [
  "the fibre ring",
  "two backup lines",
  "the antenna on the roof",
  "a static address",
  "the street cabinet",
  "last month's traffic",
  "the emergency power",
  "an old router",
  "the peering contract",
  "the speed test",
] as const;
const endings = [
  "before the storm came",
  "without an outage",
  "in less than an hour",
  "for the third time this year",
  "and wrote down every step",
  "while the traffic was low",
  "with parts from the depot",
  "at the first attempt",
  "after a long call",
  "and nobody noticed",
] as const;
const tasks = [
  "call back",
  "check",
  "order",
  "label",
  "archive",
  "test",
  "tidy up",
  "explain",
  "photograph",
  "sign off",
] as const;
const places = [
  "in Harbour Street",
  "at the depot",
  "on the north side",
  "in room 12",
  "at the tower",
  "by the station",
] as const;

/** The sentences of generated record number `id`: the same ones at every start. */
export function sentences(id: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const dice = mixed(id * 31 + at);
    const text = `${pick(subjects, dice)} ${pick(actions, dice >>> 6)} ${pick(things, dice >>> 12)} ${pick(endings, dice >>> 18)}`;
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  });
}

/** A few words, as for a title. */
export function title(id: number): string {
  const dice = mixed(id);
  return `${pick(subjects, dice)} and ${pick(things, dice >>> 8)}`;
}

/** Something to be done. */
export function task(id: number): string {
  const dice = mixed(id);
  return `${pick(tasks, dice)} ${pick(things, dice >>> 8)} ${pick(places, dice >>> 16)}`;
}

/** One of a list, by any whole number. */
export function pick<const List extends readonly [unknown, ...unknown[]]>(list: List, number: number): List[number] {
  return list[number % list.length] ?? list[0];
}

/** A number that looks thrown but is always the same for the same id (the finalizer of MurmurHash3). */
export function mixed(id: number): number {
  let hash = Math.imul(id ^ (id >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
