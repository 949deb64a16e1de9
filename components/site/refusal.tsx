import { CodeBlock } from "@/components/ui/code-block";

const answer = `HTTP/1.1 429 Too Many Requests
Content-Type: application/problem+json
Retry-After: 23
X-RateLimit-Remaining: 0
X-RateLimit-Reset: 1795176060

{
  "type": "/docs/errors/RATE_LIMIT_EXCEEDED",
  "title": "Rate limit exceeded",
  "status": 429,
  "detail": "Rate limit exceeded. Try again in 23 seconds.",
  "instance": "/api/v1/api-management/whoami",
  "error_code": "RATE_LIMIT_EXCEEDED",
  "timestamp": "2026-11-20T12:00:37.000Z",
  "path": "/api/v1/api-management/whoami",
  "request_id": "req_8sYk2WcJd6hNq0TzXv3BmG",
  "retry_after": 23
}`;

const promises = [
  ["The code is for programs", "It comes from a closed list and does not change its meaning."],
  ["The sentence is for people", "It says what was reached and when to come back."],
  ["The numbers agree", "Header, body and counter tell the same time. Wait that long and the next call passes."],
] as const;

export function Refusal() {
  return (
    <section aria-labelledby="refusal" className="border-line border-b">
      <div className="mx-auto grid max-w-6xl items-center gap-x-14 gap-y-10 border-line px-4 py-16 sm:px-6 sm:py-24 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)] lg:border-x lg:px-10">
        <div>
          <h2 id="refusal" className="text-balance font-semibold text-2xl tracking-tight sm:text-3xl">
            A refusal that explains itself
          </h2>
          <dl className="mt-8 flex flex-col gap-5">
            {promises.map(([title, text]) => (
              <div key={title} className="border-line border-l-2 pl-4">
                <dt className="font-medium">{title}</dt>
                <dd className="max-w-md text-ink-soft">{text}</dd>
              </div>
            ))}
          </dl>
        </div>
        <CodeBlock label="The 61st call of a minute" code={answer} />
      </div>
    </section>
  );
}
