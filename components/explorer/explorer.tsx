"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { useTransition } from "react";
import { Callout } from "@/components/ui/callout";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { SkeletonTable } from "@/components/ui/skeleton";
import { TextLink } from "@/components/ui/text-link";

/** Needs the browser, and much of it: loaded when the page is there. */
const Swagger = dynamic(() => import("@/components/explorer/swagger").then((module) => module.Swagger), {
  ssr: false,
  loading: () => <SkeletonTable label="operations" columns={3} rows={8} />,
});

interface Named {
  id: string;
  name: string;
}

interface ExplorerProps {
  isSignedIn: boolean;
  apis: readonly Named[];
  /** The one `document` describes. */
  apiId: string;
  document: object;
  keys: readonly Named[];
}

/** Which API, as which key, and its operations. */
export function Explorer({ isSignedIn, apis, apiId, document, keys }: ExplorerProps) {
  const [wanted, chooseKey] = useQueryState("key", parseAsString);
  const keyId = (keys.find(({ id }) => id === wanted) ?? keys[0])?.id ?? null;
  const router = useRouter();
  const [isChanging, startChange] = useTransition();
  const chooseApi = (api: string) =>
    startChange(() => router.push(`?${new URLSearchParams({ api, ...(keyId && { key: keyId }) })}`));

  return (
    <div className="flex flex-col gap-6" aria-busy={isChanging}>
      {isSignedIn ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="API">
            <Select options={apis.map(optionOf)} value={apiId} onValueChange={chooseApi} />
          </Field>
          {keyId !== null && (
            <Field label="As key" hint="Calls count against its limits and show in its usage.">
              <Select options={keys.map(optionOf)} value={keyId} onValueChange={(id) => void chooseKey(id)} />
            </Field>
          )}
        </div>
      ) : (
        <Callout tone="accent" title="Sign in to try it">
          Signed in, you make these calls here as one of your keys.{" "}
          <TextLink href="/sign-in?return_to=/docs/explorer">Sign in</TextLink>
        </Callout>
      )}
      {isSignedIn && keyId === null && (
        <Callout tone="accent" title="No active key">
          Calls are made as one of your keys. <TextLink href="/keys">Create a key</TextLink> first.
        </Callout>
      )}
      <Swagger key={`${apiId} ${keyId === null}`} document={document} keyId={keyId} />
    </div>
  );
}

const optionOf = ({ id, name }: Named) => ({ value: id, label: name });
