import { StatusChip } from "@/components/ui/status-chip";

/** Whether something takes part in serving calls. */
export function ActiveStatus({ isActive }: { isActive: boolean }) {
  return <StatusChip tone={isActive ? "success" : "neutral"}>{isActive ? "Active" : "Inactive"}</StatusChip>;
}
