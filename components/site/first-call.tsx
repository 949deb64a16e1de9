import Link from "next/link";
import { Button } from "@/components/ui/button";

const steps = [
  ["Sign up", "An e-mail address and a password."],
  ["Confirm the address", "One link, sent to you."],
  ["Create a key", "Name it, give it limits and an end."],
  ["Call", "Copy the ready curl and see it counted."],
] as const;

export function FirstCall() {
  return (
    <section
      aria-labelledby="first-call"
      className="mx-auto max-w-6xl border-line bg-surface px-4 py-16 sm:px-6 sm:py-24 lg:border-x lg:px-10"
    >
      <div className="flex flex-wrap items-end justify-between gap-6">
        <h2 id="first-call" className="text-balance font-semibold text-2xl tracking-tight sm:text-3xl">
          Four steps to the first call
        </h2>
        <div className="flex gap-3">
          <Button asChild>
            <Link href="/sign-in">Sign in</Link>
          </Button>
          <Button asChild variant="primary">
            <Link href="/sign-up">Create an account</Link>
          </Button>
        </div>
      </div>
      <ol className="mt-10 grid gap-8 sm:grid-cols-2 lg:grid-cols-4">
        {steps.map(([title, text], index) => (
          <li key={title} className="border-line-strong border-t pt-4">
            <span aria-hidden="true" className="font-mono text-ink-faint text-xs">
              {index + 1}
            </span>
            <h3 className="mt-2 font-medium text-lg tracking-tight">{title}</h3>
            <p className="text-ink-soft">{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
