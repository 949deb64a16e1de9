"use client";

import { Mail } from "lucide-react";
import Link from "next/link";
import { usePendingAddress } from "@/components/identity/pending-address";
import { Button } from "@/components/ui/button";

interface CheckMailProps {
  /** The words before and after the address: "We mailed a link to", ". Open it within 24 hours." */
  before: string;
  after: string;
  /** Where nothing is really mailed: the link to the page that shows the mails instead. */
  hasOutbox: boolean;
}

/** Says where the mail went, to which this tab asked for it. */
export function CheckMail({ before, after, hasOutbox }: CheckMailProps) {
  const address = usePendingAddress();
  return (
    <div className="flex flex-col gap-5">
      <p>
        {before} {address ? <strong className="wrap-anywhere font-medium">{address}</strong> : "your address"}
        {after}
      </p>
      {hasOutbox && (
        <Button asChild variant="primary" size="lg" wide>
          <Link href="/mail-outbox">
            <Mail aria-hidden="true" />
            Open the mail outbox
          </Link>
        </Button>
      )}
    </div>
  );
}
