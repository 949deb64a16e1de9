"use client";

import { useEffect, useState } from "react";

const secondMs = 1_000;

/**
 * "34 s", "12 min", "5 h", rounded up: nobody is told to come back too early. A whole hour or day is "about" one: a window is
 * counted in slices, so the last call leaves it a slice late, and "61 min" or "25 h" would only puzzle.
 */
export function timeLeftText(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / secondMs));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes === 60 || minutes === 61) return "about an hour";
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.ceil(minutes / 60);
  if (hours === 24 || hours === 25) return "about a day";
  return hours < 48 ? `${hours} h` : `${Math.ceil(hours / 24)} days`;
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
