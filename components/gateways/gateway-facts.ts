import type { Gateway } from "#lib/gateways/contract";

export const errorFormats: Record<Gateway["error_format"], { label: string; description: string }> = {
  problem: { label: "Problem details", description: "application/problem+json (RFC 9457), with error_code." },
  partner: { label: "Partner detail", description: '{"detail": {"error": …, "message": …}}' },
};
