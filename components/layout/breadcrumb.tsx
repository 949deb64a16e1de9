import Link from "next/link";

/** Parents of the page as links, the page itself last. */
export function Breadcrumb({ trail }: { trail: readonly { label: string; href?: string }[] }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex min-w-0 items-center gap-1.5 text-sm">
        {trail.map((step, index) => (
          <li key={`${step.href ?? ""}${step.label}`} className="flex min-w-0 items-center gap-1.5">
            {index > 0 && (
              <span aria-hidden="true" className="text-ink-faint">
                /
              </span>
            )}
            {step.href ? (
              <Link href={step.href} className="truncate rounded-xs text-ink-soft hover:text-ink">
                {step.label}
              </Link>
            ) : (
              <span aria-current="page" className="truncate font-medium">
                {step.label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
