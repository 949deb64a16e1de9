import type { ApiKey } from "#lib/keys/contract";
import { formatNumber } from "@/components/keys/key-facts";
import { Callout } from "@/components/ui/callout";
import { RelativeTime } from "@/components/ui/relative-time";

interface PreviousSecretCardProps {
  previous: NonNullable<ApiKey["previous_key"]>;
  current: Pick<ApiKey, "key_last4">;
}

/** While a rotation's overlap lasts: whether something still calls with the old secret, and until when it may. */
export function PreviousSecretCard({ previous, current }: PreviousSecretCardProps) {
  const { key_last4, expires_at, total_requests, last_used } = previous;
  const isQuiet = total_requests === 0;
  return (
    <Callout
      tone={isQuiet ? "success" : "warning"}
      title={isQuiet ? "Nothing calls with the old key any more" : "Something still calls with the old key"}
    >
      {isQuiet ? (
        <>No call since the rotation used </>
      ) : (
        <>
          {formatNumber(total_requests)} {total_requests === 1 ? "call" : "calls"} since the rotation
          {last_used && (
            <>
              , the latest <RelativeTime time={last_used} />,
            </>
          )}{" "}
          used{" "}
        </>
      )}
      the one ending in <code>{key_last4}</code>. It stops working <RelativeTime time={expires_at} />; the one ending in{" "}
      <code>{current.key_last4}</code> goes on.
    </Callout>
  );
}
