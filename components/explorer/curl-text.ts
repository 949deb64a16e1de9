import { keyVariable } from "@/components/keys/key-sample";

/** A call as it would be made by a program. */
export interface ShownCall {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string | undefined;
}

/** Text as one argument of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The call to copy: to the public address, with the key in a variable. */
export function curlText({ method, url, headers, body }: ShownCall): string {
  return [
    `curl -i${methodFlag(method.toUpperCase())} ${quoted(url)}`,
    `-H "X-API-Key: ${keyVariable}"`,
    ...Object.entries(headers)
      .filter(([name]) => !["x-api-key", "authorization", "cookie"].includes(name.toLowerCase()))
      .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined || body === "" ? [] : [`-d ${quoted(body)}`]),
  ].join(" \\\n  ");
}

function methodFlag(method: string): string {
  if (method === "GET") return "";
  return method === "HEAD" ? " --head" : ` -X ${method}`;
}
