import { Page } from "@/components/layout/page";
import { Card, CardHeader } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

/** Shaped like the page: its words stand, what is being read is grey. */
export default function ProfileLoading() {
  return (
    <Page title="Profile" description="Who you are here, your password and where you are signed in." width="narrow">
      <div role="status" className="flex flex-col gap-6">
        <span className="sr-only">Loading your profile</span>
        <LoadingCard title="You" rows={3} />
        <LoadingCard title="Memberships" description="The accounts you may work in, and as what." rows={1} />
        <LoadingCard title="Password" rows={3} />
        <LoadingCard title="Sessions" description="Browsers and programs that are signed in as you." rows={2} />
      </div>
    </Page>
  );
}

function LoadingCard({ title, description, rows }: { title: string; description?: string; rows: number }) {
  return (
    <Card>
      <CardHeader title={title} description={description} />
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move.
        <div key={row} className="flex flex-col gap-2 border-line border-t px-4 py-3 first:border-t-0">
          <Skeleton className="h-3 w-40" />
        </div>
      ))}
    </Card>
  );
}
