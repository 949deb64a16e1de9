/** A scrape, read as strictly as Prometheus reads it. */
export interface Scrape {
  types: Map<string, string>;
  /** `name{label="value",…}` with labels in the order of the alphabet → value. */
  series: Map<string, number>;
  /** The value of a series, its labels in any order; undefined when there is none. */
  value(name: string, labels?: Record<string, string>): number | undefined;
  /** The sum of all series of a name whose labels include these. */
  sum(name: string, labels?: Record<string, string>): number;
}

const namePattern = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const linePattern = new RegExp(
  `^(${namePattern})(?:\\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*",?)*)\\})? ([Nn]a[Nn]|[+-]Inf|[-+0-9.e]+)$`,
);
const typePattern = new RegExp(`^# TYPE (${namePattern}) (counter|gauge|histogram|summary)$`);
const labelPattern = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"/g;

interface Line {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Parses the text format 0.0.4. Throws for a line that is none, a series given twice, or one without a TYPE before it. */
export function parseScrape(text: string): Scrape {
  const types = new Map<string, string>();
  const lines: Line[] = [];
  const series = new Map<string, number>();
  for (const line of text.split("\n").filter(Boolean)) {
    if (line.startsWith("#")) {
      const [, name, type] = typePattern.exec(line) ?? [];
      if (name && type) types.set(name, type);
      continue;
    }
    const read = readLine(line, types);
    const id = seriesOf(read.name, read.labels);
    if (series.has(id)) throw new Error(`Twice: ${id}`);
    series.set(id, read.value);
    lines.push(read);
  }
  const matches = ({ labels }: Line, wanted: Record<string, string>) =>
    Object.entries(wanted).every(([label, value]) => labels[label] === value);
  return {
    types,
    series,
    value: (name, labels = {}) => series.get(seriesOf(name, labels)),
    sum: (name, wanted = {}) =>
      lines.filter((line) => line.name === name && matches(line, wanted)).reduce((sum, { value }) => sum + value, 0),
  };
}

function readLine(line: string, types: ReadonlyMap<string, string>): Line {
  const [, name, written = "", value = ""] = linePattern.exec(line) ?? [];
  if (!name) throw new Error(`Not a line of a scrape: ${line}`);
  if (!types.has(name) && !types.has(name.replace(/_(bucket|sum|count)$/, ""))) throw new Error(`No TYPE: ${line}`);
  const labels = Object.fromEntries([...written.matchAll(labelPattern)].map(([, label, text]) => [label, text]));
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

function seriesOf(name: string, labels: Record<string, string>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${sorted.map(([label, value]) => `${label}="${value}"`).join(",")}}`;
}
