import { CopyButton } from "@/components/ui/copy-button";

/** An id people put into code or tell to support. `label` says what is copied: "Copy key id". */
export function CopyableId({ id, label }: { id: string; label: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <code className="truncate text-xs">{id}</code>
      <CopyButton text={id} label={label} iconOnly className="-my-1" />
    </span>
  );
}
