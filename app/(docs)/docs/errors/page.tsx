import Link from "next/link";
import { type ErrorCode, errorCatalogue } from "#lib/core/errors";

export const metadata = { title: "Error codes" };

const codes = Object.entries(errorCatalogue) as [ErrorCode, (typeof errorCatalogue)[ErrorCode]][];

/** The catalogue every answer's `type` points into. */
export default function ErrorCodesPage() {
  return (
    <>
      <h1 className="font-semibold text-2xl tracking-tight">Error codes</h1>
      <p className="mt-2 max-w-prose text-ink-soft">
        Every refusal is a problem+json body (RFC 9457) with one of these codes in{" "}
        <code className="font-mono text-sm">error_code</code>. A code never changes its meaning.
      </p>
      <ul className="mt-8 divide-y divide-line border-line border-y">
        {codes.map(([code, { status, help }]) => (
          <li key={code}>
            <Link
              href={`/docs/errors/${code}`}
              className="grid grid-cols-[3rem_1fr] items-baseline gap-x-3 gap-y-0.5 py-3 hover:bg-muted sm:grid-cols-[3rem_18rem_1fr]"
            >
              <span className="font-mono text-ink-soft text-sm tabular-nums">{status}</span>
              <span className="break-all font-medium font-mono text-sm">{code}</span>
              <span className="col-start-2 text-ink-soft text-sm sm:col-start-3">{help}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
