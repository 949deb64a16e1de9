"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { operatorQueries } from "@/components/portal/operator-queries";

/**
 * A change of what the gateways serve. Services, routes, policies and partners show each other's names and counts, so all of it
 * that is on the screen is read again before the change counts as done. `goneId`: what was deleted is not asked for again.
 */
export function useOperatorMutation<Input, Output>(change: (input: Input) => Promise<Output>, goneId?: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      cache.invalidateQueries({
        queryKey: operatorQueries,
        predicate: ({ queryKey }) => goneId === undefined || !queryKey.includes(goneId),
      }),
  });
}
