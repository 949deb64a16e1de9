import { notFound } from "next/navigation";
import { listMailOutbox } from "#lib/notifications/list-mail-outbox";
import { SiteHeader } from "@/components/layout/site-header";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";

export const metadata = { title: "Mail outbox", robots: { index: false } };
export const dynamic = "force-dynamic";

/** The mails of an instance that sends none, for whoever tries it out. Elsewhere there is no such page. */
export default async function MailOutboxPage() {
  const mails = await listMailOutbox();
  if (!mails) notFound();
  return (
    <div className="flex min-h-dvh flex-col">
      <SiteHeader />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto flex w-full max-w-3xl grow flex-col gap-4 px-4 py-8 outline-none sm:px-6"
      >
        <header className="mb-2 flex flex-col gap-1">
          <h1 className="font-semibold text-xl tracking-tight">Mail outbox</h1>
          <p className="text-ink-soft text-sm">
            No SMTP server is configured, so mails wait here, newest first. They are shown on demo and development
            instances only.
          </p>
        </header>
        {mails.length === 0 && (
          <EmptyState kind="nothing-yet" title="No mail yet">
            Sign up or reset a password, and its mail appears here.
          </EmptyState>
        )}
        {mails.map((mail) => (
          <Card key={mail.id}>
            <CardHeader
              title={mail.subject}
              description={`To ${mail.recipient}`}
              actions={<RelativeTime time={mail.createdAt.toISOString()} className="text-ink-soft text-xs" />}
            />
            <CardBody className="whitespace-pre-wrap break-words text-sm">{withLinks(mail.text)}</CardBody>
          </Card>
        ))}
      </main>
    </div>
  );
}

function withLinks(text: string) {
  return text.split(/(https?:\/\/\S+)/).map((part) =>
    part.startsWith("http") ? (
      <TextLink key={part} href={part} prefetch={false}>
        {part}
      </TextLink>
    ) : (
      part
    ),
  );
}
