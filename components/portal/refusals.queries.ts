import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client";
import { listUsage } from "#lib/usage/contract";

const readMax = 100;

/** The refusals to tell about: of one key, or of everything within reach. */
export function refusalsInput(keyId?: string): z.input<typeof listUsage.query> {
  return {
    status_code: "4xx",
    credential: "api_key",
    time_range: "7d",
    limit: readMax,
    ...(keyId !== undefined && { api_key_id: keyId }),
  };
}

export const refusalsQuery = (keyId?: string) =>
  queryOptions({
    queryKey: ["refusals", keyId ?? "all"],
    queryFn: ({ signal }) => call(listUsage, { query: refusalsInput(keyId) }, signal),
  });
