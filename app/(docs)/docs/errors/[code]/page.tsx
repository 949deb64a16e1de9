import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { type ErrorCode, errorCatalogue } from "#lib/core/errors";
import { CodeBlock } from "@/components/ui/code-block";

interface Props {
  params: Promise<{ code: string }>;
}

const find = (code: string) => (Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code as ErrorCode] : undefined);

export const generateStaticParams = () => Object.keys(errorCatalogue).map((code) => ({ code }));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).code };
}

/** What one code means, what to do about it, and what the answer looks like. */
export default async function ErrorCodePage({ params }: Props) {
  const { code } = await params;
  const entry = find(code);
  if (!entry) notFound();
  const example = {
    type: `/docs/errors/${code}`,
    title: entry.title,
    status: entry.status,
    detail: "…",
    error_code: code,
    request_id: "req_…",
  };
  return (
    <article>
      <Link href="/docs/errors" className="rounded-xs text-ink-soft text-sm hover:text-ink">
        Error codes
      </Link>
      <h1 className="mt-2 break-all font-mono font-semibold text-2xl tracking-tight">{code}</h1>
      <p className="mt-1 text-ink-soft tabular-nums">
        HTTP {entry.status} · {entry.title}
      </p>
      <h2 className="mt-8 font-semibold text-lg">What to do</h2>
      <p className="mt-1 max-w-prose">{entry.help}</p>
      <h2 className="mt-8 mb-2 font-semibold text-lg">The answer</h2>
      <CodeBlock label="application/problem+json" code={JSON.stringify(example, null, 2)} />
    </article>
  );
}
