import Link from "next/link";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";

const answer = [
  ["X-RateLimit-Limit", "60"],
  ["X-RateLimit-Remaining", "59"],
  ["X-RateLimit-Reset", "1795176061"],
  ["X-RateLimit-Window", "60"],
  ["X-Request-Id", "req_4xQ9nTzK7mVb2RfHs1LcPd"],
] as const;

export function Hero({ origin }: { origin: string }) {
  return (
    <section className="border-line border-b">
      <div className="mx-auto grid max-w-6xl items-center gap-x-14 gap-y-12 border-line bg-surface px-4 py-16 sm:px-6 sm:py-24 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)] lg:border-x lg:px-10">
        <div className="flex flex-col items-start">
          <h1 className="text-balance font-semibold text-4xl tracking-[-0.035em] sm:text-5xl">
            API keys that know their limits
          </h1>
          <p className="mt-5 max-w-md text-pretty text-ink-soft text-lg">
            Portico issues keys, holds each one to its limits on every call, and counts what was used. In the browser
            for people, over a documented API for programs.
          </p>
          <div className="mt-8 flex flex-wrap gap-3">
            <Button asChild variant="primary" size="lg">
              <Link href="/sign-up">Create an account</Link>
            </Button>
            <Button asChild size="lg">
              <a href="/openapi.json">Read the OpenAPI document</a>
            </Button>
          </div>
        </div>
        <CallSample origin={origin} />
      </div>
    </section>
  );
}

function CallSample({ origin }: { origin: string }) {
  const url = `${origin}/api/v1/api-management/whoami`;
  return (
    <div className="min-w-0 rounded-lg border border-line bg-canvas p-1.5 shadow-md">
      <CodeBlock label="Request" code={`curl -i ${url} \\\n  -H "X-API-Key: $PORTICO_API_KEY"`} className="rounded-sm">
        <span className="text-ink-faint">curl</span> -i {url} <span className="text-ink-faint">\</span>
        {"\n  "}
        <span className="text-ink-faint">-H</span>{" "}
        <span className="text-accent-ink">&quot;X-API-Key: $PORTICO_API_KEY&quot;</span>
      </CodeBlock>
      <div className="px-4 pt-4 pb-3">
        <p className="flex items-center justify-between text-ink-soft text-xs">
          Answer
          <span className="rounded-xs border border-success-line bg-success-soft px-1.5 py-0.5 font-medium font-mono text-success-ink">
            200 OK
          </span>
        </p>
        <dl className="mt-3 flex flex-col gap-1 font-mono text-xs sm:text-sm">
          {answer.map(([name, value]) => (
            <div key={name} className="flex flex-wrap gap-x-3">
              <dt className="text-ink-soft sm:w-52">{name}</dt>
              <dd className="min-w-0 break-all tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}
