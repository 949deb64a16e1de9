"use client";

import { useEffect, useState } from "react";
import { formatAbsolute, formatRelative } from "@/components/ui/format-time";

const refreshMs = 30_000;

interface RelativeTimeProps {
  /** ISO 8601. */
  time: string;
  className?: string;
}

/** "3 minutes ago", the absolute time on hover, kept fresh while the page is open. */
export function RelativeTime({ time, className }: RelativeTimeProps) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), refreshMs);
    return () => clearInterval(timer);
  }, []);

  const date = new Date(time);
  return (
    // The browser's clock is later than the server's: React is told to accept the difference of that one text.
    <time dateTime={time} title={formatAbsolute(date)} suppressHydrationWarning className={className}>
      {formatRelative(date, nowMs)}
    </time>
  );
}
