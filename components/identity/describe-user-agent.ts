/** What a session was started with, in words; `form` chooses its icon. */
export interface ClientDescription {
  name: string;
  form: "computer" | "phone" | "program";
}

/** In this order: later browsers carry the names of earlier ones. */
const browsers: readonly [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems: readonly [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

const phones = ["iPhone", "iPad", "Android"];

/** "Firefox on Windows"; for a program its first product, "curl 8.5.0". For recognition only: anybody may send any user agent. */
export function describeUserAgent(userAgent: string | null): ClientDescription {
  if (!userAgent) return { name: "Unknown program", form: "program" };
  const browser = firstMatch(browsers, userAgent);
  const system = firstMatch(systems, userAgent);
  if (browser && userAgent.startsWith("Mozilla/")) {
    return {
      name: system ? `${browser} on ${system}` : browser,
      form: phones.includes(system ?? "") ? "phone" : "computer",
    };
  }
  const [product = "", version] = (userAgent.split(/\s/, 1)[0] ?? "").split("/");
  return { name: version ? `${product} ${version}` : product || "Unknown program", form: "program" };
}

function firstMatch(table: readonly [RegExp, string][], text: string): string | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1];
}
