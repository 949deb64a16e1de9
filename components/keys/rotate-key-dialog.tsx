"use client";

import { useState } from "react";
import type { ApiKey } from "#lib/keys/contract";
import type { Issued } from "@/components/keys/issued-secret";
import { maskedKey } from "@/components/keys/key-facts";
import { useRegenerateApiKey } from "@/components/keys/keys.queries";
import { SecretDialog } from "@/components/keys/secret-dialog";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { RadioGroup } from "@/components/ui/radio-group";

const overlaps = [
  { value: "0", label: "Now", description: "If it leaked. Calls with the old key are refused within a second." },
  { value: "3600", label: "After 1 hour", description: "For a deployment under way." },
  { value: "86400", label: "After 24 hours", description: "Time to put the new key in place everywhere." },
  { value: "604800", label: "After 7 days", description: "For keys that others have put in place for you." },
] as const;

/** Replaces the secret of a key, then shows the new one once. Unmount it when it is closed: it holds the secret. */
export function RotateKeyDialog(props: { apiKey: ApiKey; open: boolean; onClose: () => void }) {
  const { apiKey, open, onClose } = props;
  const rotate = useRegenerateApiKey(apiKey.id);
  const [seconds, setSeconds] = useState<string>("86400");
  const [issued, setIssued] = useState<Issued | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async () => {
    setProblem(null);
    try {
      const { key: secret, ...rest } = await rotate.mutateAsync(Number(seconds));
      setIssued({ apiKey: rest, secret });
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      rotate.reset(); // the mutation's state holds the answer, and with it the secret
    }
  };

  return (
    <SecretDialog
      open={open}
      onClose={onClose}
      title={`Rotate ${apiKey.name}`}
      description="The key gets a new secret. Its id, limits and statistics stay."
      busy={rotate.isPending}
      issued={issued}
      issuedTitle="Key rotated"
      footer={
        <>
          <Button onClick={onClose} disabled={rotate.isPending}>
            Cancel
          </Button>
          <Button variant="primary" pending={rotate.isPending} onClick={() => void submit()}>
            Rotate key
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-1.5">
        <p className="font-medium text-sm">
          When <code className="text-xs">{maskedKey(apiKey)}</code> stops working
        </p>
        <RadioGroup
          label="When the old secret stops working"
          options={overlaps}
          value={seconds}
          onValueChange={setSeconds}
        />
      </div>
      {apiKey.previous_key && (
        <Callout tone="warning">
          The key before that, ending in <code>{apiKey.previous_key.key_last4}</code>, still works. Rotating ends it
          now.
        </Callout>
      )}
      {problem && (
        <Callout tone="danger" live>
          {problem}
        </Callout>
      )}
    </SecretDialog>
  );
}
