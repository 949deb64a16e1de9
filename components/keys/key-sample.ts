/** The call that proves a key works: it answers who the key is and where it stands with its limits. */
export function whoAmISample(apiUrl: string, key: string): string {
  return `curl -i "${apiUrl}/whoami" \\\n  -H "X-API-Key: ${key}"`;
}

/** The key in a place where the real one must not stand. */
export const keyVariable = "$PORTICO_API_KEY";

/** The line of a `.env` file. */
export function envLine(secret: string): string {
  return `PORTICO_API_KEY=${secret}\n`;
}
