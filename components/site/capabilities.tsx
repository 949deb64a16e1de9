import type { ReactNode } from "react";
import { EndpointList, IsolationSketch, KeyList, LimitMeters, UsageBars } from "@/components/site/sketches";
import { cn } from "@/components/ui/cn";

interface Capability {
  title: string;
  text: string;
  sketch: ReactNode;
  wide?: boolean;
}

const capabilities: readonly Capability[] = [
  {
    title: "Keys",
    text: "Shown once, stored as a hash. Rotate with an overlap so nothing breaks, disable and enable again, or revoke: a revoked key is refused within a second.",
    sketch: <KeyList />,
    wide: true,
  },
  {
    title: "Limits",
    text: "Sliding windows, fixed windows and token buckets, as many as you like on one key. A call passes all of them or counts against none.",
    sketch: <LimitMeters />,
    wide: true,
  },
  {
    title: "Usage",
    text: "Every call is written down before its answer ends, then added up per key by the minute, hour and day.",
    sketch: <UsageBars />,
  },
  {
    title: "Isolation",
    text: "PostgreSQL itself keeps tenants and accounts apart, by forced row-level security. What is another’s looks like what never was.",
    sketch: <IsolationSketch />,
  },
  {
    title: "Management API",
    text: "Everything the portal does, a program can do. Described by OpenAPI 3.1, with one closed list of error codes.",
    sketch: <EndpointList />,
  },
];

export function Capabilities() {
  return (
    <section aria-labelledby="capabilities" className="mx-auto max-w-6xl border-line lg:border-x">
      <h2
        id="capabilities"
        className="max-w-2xl text-balance px-4 pt-16 pb-10 font-semibold text-2xl tracking-tight sm:px-6 sm:pt-20 sm:text-3xl lg:px-10"
      >
        What stands between a caller and your API
      </h2>
      <ul className="grid gap-px border-line border-y bg-line md:grid-cols-2 lg:grid-cols-6">
        {capabilities.map((capability) => (
          <li
            key={capability.title}
            className={cn(
              "flex min-w-0 flex-col bg-surface last:md:max-lg:col-span-2",
              capability.wide ? "lg:col-span-3" : "lg:col-span-2",
            )}
          >
            <div className="px-4 pt-8 pb-6 sm:px-6 lg:px-10">
              <h3 className="font-semibold text-lg tracking-tight">{capability.title}</h3>
              <p className="mt-1 max-w-md text-pretty text-ink-soft">{capability.text}</p>
            </div>
            {/* A picture of the product made of the product's own parts: nothing in it can be used or read out. */}
            <div
              aria-hidden="true"
              className="pointer-events-none mt-auto select-none px-4 pb-8 sm:px-6 lg:px-10 lg:pb-10"
            >
              {capability.sketch}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
