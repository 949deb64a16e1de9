"use client";

import { useEffect, useState } from "react";

const secondMs = 1_000;

/** "34 s", "12 min", "5 h". Rounded up: nobody is told to come back too early. */
export function timeLeftText(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / secondMs));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

/** How long until a moment, counted down while it is looked at. */
export function TimeLeft({ untilMs }: { untilMs: number }) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), secondMs);
    return () => clearInterval(timer);
  }, []);
  // The browser's clock is later than the server's: React is told to accept the difference of that one text.
  return <span suppressHydrationWarning>{timeLeftText(untilMs - nowMs)}</span>;
}
