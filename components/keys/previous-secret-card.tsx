import type { ApiKey } from "#lib/keys/contract";
import { Callout } from "@/components/ui/callout";
import { RelativeTime } from "@/components/ui/relative-time";

interface PreviousSecretCardProps {
  previous: NonNullable<ApiKey["previous_key"]>;
  current: Pick<ApiKey, "key_last4">;
}

/** While a rotation's overlap lasts: whether something still calls with the old secret, and until when it may. */
export function PreviousSecretCard({ previous, current }: PreviousSecretCardProps) {
  const { key_last4, expires_at, last_used } = previous;
  return (
    <Callout
      tone={last_used ? "warning" : "success"}
      title={last_used ? "Something still calls with the old key" : "Nothing calls with the old key any more"}
    >
      {last_used ? (
        <>
          The latest call with the one ending in <code>{key_last4}</code> came <RelativeTime time={last_used} />.
        </>
      ) : (
        <>
          Since the rotation, no call used the one ending in <code>{key_last4}</code>.
        </>
      )}{" "}
      It stops working <RelativeTime time={expires_at} />; the one ending in <code>{current.key_last4}</code> goes on.
    </Callout>
  );
}
