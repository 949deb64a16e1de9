import { type SparkDay, Sparkline } from "@/components/charts/sparkline";
import { formatNumber } from "@/components/keys/key-facts";

/** The last 30 days of a key; until they are read, the room they will take. */
export function KeySparkline({ days }: { days: readonly SparkDay[] | undefined }) {
  if (!days) return <div aria-hidden="true" className="h-6 w-30" />;
  return <Sparkline days={days} label={activityText(days)} />;
}

/** The same in words: "1,204 requests in 30 days, 12 failed, 300 on the busiest day". */
function activityText(days: readonly SparkDay[]): string {
  const requests = days.reduce((sum, day) => sum + day.requests, 0);
  const errors = days.reduce((sum, day) => sum + day.errors, 0);
  if (requests === 0) return `No requests in ${days.length} days`;
  const busiest = Math.max(...days.map((day) => day.requests));
  const failed = errors > 0 ? `, ${formatNumber(errors)} failed` : "";
  return `${formatNumber(requests)} requests in ${days.length} days${failed}, ${formatNumber(busiest)} on the busiest day`;
}
