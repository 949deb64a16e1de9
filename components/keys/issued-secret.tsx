"use client";

import { Download, Eye, EyeOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { ApiKey } from "#lib/keys/contract";
import { maskedKey } from "@/components/keys/key-facts";
import { envLine, whoAmISample } from "@/components/keys/key-sample";
import { usePortal } from "@/components/portal/portal-context";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";

/** A key with its secret, as the one answer that holds it gave them. */
export interface Issued {
  apiKey: Pick<ApiKey, "name" | "key_prefix" | "key_last4">;
  secret: string;
}

/** A call to try at once, written around a key. */
export interface Sample {
  label: string;
  codeFor: (key: string) => string;
}

interface IssuedSecretProps {
  issued: Issued;
  /** What to try; absent: the call that says who the key is. */
  samples?: readonly Sample[] | undefined;
  onSaved: () => void;
}

/** The secret, and what one does with it at once: copy, save as a file, try it. */
export function IssuedSecret({ issued: { apiKey, secret }, samples, onSaved }: IssuedSecretProps) {
  const { apiUrl } = usePortal();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const whoAmI = { label: "Try it", codeFor: (key: string) => whoAmISample(apiUrl, key) };

  return (
    <>
      <div className="flex flex-col gap-2">
        <Field label="API key">
          <Input ref={field} readOnly value={secret} spellCheck={false} className="font-mono text-sm" />
        </Field>
        <div className="flex flex-wrap gap-2">
          <CopyButton text={secret} label="Copy key" onCopied={onSaved} />
          <Button
            icon={<Download aria-hidden="true" />}
            onClick={() => {
              downloadEnvFile(apiKey.name, secret);
              onSaved();
            }}
          >
            Download .env
          </Button>
        </div>
      </div>
      {(samples ?? [whoAmI]).map((sample) => (
        <SampleBlock key={sample.label} sample={sample} secret={secret} masked={maskedKey(apiKey)} />
      ))}
    </>
  );
}

/** Copies with the key, shows without it until asked. A sample that does not hold the key has nothing to show. */
function SampleBlock({ sample, secret, masked }: { sample: Sample; secret: string; masked: string }) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  const code = sample.codeFor(secret);
  return (
    <CodeBlock
      label={sample.label}
      code={code}
      actions={
        code.includes(secret) && (
          <IconButton
            label={isShown ? "Hide the key" : "Show the key"}
            size="sm"
            icon={<Icon aria-hidden="true" />}
            onClick={() => setShown(!isShown)}
          />
        )
      }
    >
      {sample.codeFor(isShown ? secret : masked)}
    </CodeBlock>
  );
}

function downloadEnvFile(name: string, secret: string) {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const address = URL.createObjectURL(new Blob([envLine(secret)], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${words.replace(/^-+|-+$/g, "").slice(0, 40) || "portico"}.env`;
  link.click();
  URL.revokeObjectURL(address);
}
