"use client";

import type { ReactNode } from "react";
import { pathPattern } from "#lib/routes/contract";
import { forwardedAddress, type PathPreview, previewPath } from "@/components/routes/route-preview";

interface RoutePreviewProps {
  path: string;
  methods: readonly string[];
  stripPrefix: boolean;
  /** Where the service's calls go; null until one is chosen. */
  service: { name: string; upstream: string } | null;
}

/** What a route does, in a sentence, while it is being written. */
export function RoutePreviewPanel({ path, methods, stripPrefix, service }: RoutePreviewProps) {
  if (!pathPattern.safeParse(path.trim()).success) return null;
  const preview = previewPath(path.trim());
  return (
    <div aria-live="polite" className="flex flex-col gap-1 rounded-sm border border-line bg-muted px-3 py-2.5 text-sm">
      <p>
        <Matches preview={preview} />
      </p>
      <p className="text-ink-soft">
        {methodsText(methods)}{" "}
        {service ? `are passed on to ${service.name}` : "are passed on to the service you choose"}
        {service && (
          <>
            : <Path>{preview.example}</Path> becomes{" "}
            <Path>{forwardedAddress(preview, stripPrefix, service.upstream)}</Path>
          </>
        )}
        .
      </p>
    </div>
  );
}

function Matches({ preview: { matches, misses } }: { preview: PathPreview }) {
  const [first = "/", second] = matches;
  return (
    <>
      Matches <Path>{first}</Path>
      {second && (
        <>
          {" "}
          and <Path>{second}</Path>
        </>
      )}
      {misses === null ? ", and any other path." : <MissedPath path={misses} />}
    </>
  );
}

const MissedPath = ({ path }: { path: string }) => (
  <>
    {" "}
    — not <Path>{path}</Path>.
  </>
);

const Path = ({ children }: { children: ReactNode }) => <code className="wrap-anywhere text-xs">{children}</code>;

const listed = new Intl.ListFormat("en");

/** "GET and HEAD calls": HEAD is served where GET is. */
function methodsText(methods: readonly string[]): string {
  if (methods.length === 0) return "Calls of any method";
  const served = methods.includes("GET") && !methods.includes("HEAD") ? [...methods, "HEAD"] : methods;
  return `${listed.format(served)} calls`;
}
