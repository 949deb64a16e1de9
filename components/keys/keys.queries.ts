import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import * as accounts from "#lib/accounts/contract";
import type { OutputOf } from "#lib/core/endpoint";
import { call } from "#lib/http/client";
import type { ApiKey } from "#lib/keys/contract";
import * as contract from "#lib/keys/contract";
import { getRateLimit, type RateLimitStatus } from "#lib/rate-limits/contract";
import * as usage from "#lib/usage/contract";
import { type KeyFilters, keyQueryOf } from "@/components/keys/key-filters";

const everyKey = ["keys"] as const;
const everyList = [...everyKey, "list"] as const;

export const apiKeysQuery = (filters: KeyFilters) =>
  queryOptions({
    queryKey: [...everyList, filters],
    queryFn: ({ signal }) => call(contract.listApiKeys, { query: keyQueryOf(filters) }, signal),
    placeholderData: keepPreviousData,
  });

export const apiKeyQuery = (id: string) =>
  queryOptions({
    queryKey: [...everyKey, "one", id],
    queryFn: ({ signal }) => call(contract.getApiKey, { params: { key_id: id } }, signal),
  });

/** Where one key stands with its limits. */
export const keyLimitsQuery = (id: string) =>
  queryOptions({
    queryKey: [...everyKey, "limits", id],
    queryFn: async ({ signal }) => (await call(getRateLimit, { query: { api_key_id: id } }, signal)) as RateLimitStatus,
  });

/** Requests of the last 30 days, by day. */
export const keyUsageQuery = (id: string) =>
  queryOptions({
    queryKey: [...everyKey, "usage", id],
    queryFn: ({ signal }) =>
      call(usage.getKeyUsage, { params: { key_id: id }, query: { time_range: "30d", granularity: "day" } }, signal),
  });

/** Totals of the last 30 days. */
export const keyStatsQuery = (id: string) =>
  queryOptions({
    queryKey: [...everyKey, "stats", id],
    queryFn: ({ signal }) => call(usage.getKeyStats, { params: { key_id: id }, query: { time_range: "30d" } }, signal),
  });

const accountsShownMax = 200;

/** The accounts a key may be made for, and whose names stand beside keys. */
export const accountsQuery = (enabled: boolean) =>
  queryOptions({
    queryKey: ["accounts"],
    queryFn: ({ signal }) => call(accounts.listAccounts, { query: { limit: accountsShownMax } }, signal),
    enabled,
  });

/** Account names by id; empty until they are known, and for those who may not list accounts. */
export const accountNames = (list: { data: accounts.Account[] } | undefined): ReadonlyMap<string, string> =>
  new Map(list?.data.map(({ id, name }) => [id, name]));

type KeyPage = OutputOf<typeof contract.listApiKeys>;

/** Puts a changed key where it is shown, at once, then reads everything about keys anew behind it. */
function useKeyChanged() {
  const cache = useQueryClient();
  return (key: ApiKey) => {
    cache.setQueryData(apiKeyQuery(key.id).queryKey, key);
    cache.setQueriesData<KeyPage>({ queryKey: everyList }, (page) => page && withKey(page, key));
    void cache.invalidateQueries({ queryKey: everyKey });
  };
}

const withKey = (page: KeyPage, key: ApiKey): KeyPage => ({
  ...page,
  data: page.data.map((shown) => (shown.id === key.id ? key : shown)),
});

/**
 * Makes a key. Its answer holds the secret: the caller takes it and calls `reset()`, and `gcTime: 0` forgets the rest, so
 * that no cache ever keeps it.
 */
export function useCreateApiKey() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: contract.CreateApiKeyBody) => call(contract.createApiKey, { body }),
    gcTime: 0,
    onSuccess: () => void cache.invalidateQueries({ queryKey: everyKey }),
  });
}

/** Replaces a key's secret; the same care as with a new key. */
export function useRegenerateApiKey(id: string) {
  const keyChanged = useKeyChanged();
  return useMutation({
    mutationFn: (gracePeriodSeconds: number) =>
      call(contract.regenerateApiKey, {
        params: { key_id: id },
        body: { grace_period_seconds: gracePeriodSeconds },
      }),
    gcTime: 0,
    onSuccess: ({ key: _secret, ...rest }) => keyChanged(rest),
  });
}

export function useUpdateApiKey(id: string) {
  const keyChanged = useKeyChanged();
  return useMutation({
    mutationFn: (body: contract.UpdateApiKeyBody) => call(contract.updateApiKey, { params: { key_id: id }, body }),
    onSuccess: keyChanged,
  });
}

const stateChanges = {
  disable: contract.disableApiKey,
  enable: contract.enableApiKey,
  revoke: contract.revokeApiKeyByPost,
} as const;

export function useChangeKeyState(id: string) {
  const keyChanged = useKeyChanged();
  return useMutation({
    mutationFn: (change: keyof typeof stateChanges): Promise<ApiKey> =>
      call(stateChanges[change], { params: { key_id: id } }),
    onSuccess: keyChanged,
  });
}

export function useDeleteApiKey(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => call(contract.deleteApiKey, { params: { key_id: id } }),
    // Only the lists: asking again for the deleted key itself would answer 404 to a page that is being left.
    onSuccess: () => {
      const without = (page: KeyPage) => ({ ...page, data: page.data.filter((shown) => shown.id !== id) });
      cache.setQueriesData<KeyPage>({ queryKey: everyList }, (page) => page && without(page));
      void cache.invalidateQueries({ queryKey: everyList });
    },
  });
}
