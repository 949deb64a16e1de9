"use client";

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "#lib/http/client";
import { changePassword, endAllSessions, endSession, listSessions } from "#lib/identity/contract";
import { forgetChosenAccount } from "@/components/identity/next-auth-client";

/** The person's own sessions. The profile page fills it on the server. */
export const sessionsQuery = () =>
  queryOptions({ queryKey: ["sessions"], queryFn: async ({ signal }) => (await call(listSessions, {}, signal)).data });

export function useEndSession() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (sessionId: string) => call(endSession, { params: { session_id: sessionId } }),
    onSuccess: () => cache.invalidateQueries(sessionsQuery()),
  });
}

/** Ends every session, this one too, so the page goes with it. */
export function useEndAllSessions() {
  return useMutation({
    mutationFn: () => call(endAllSessions, {}),
    onSuccess() {
      forgetChosenAccount();
      window.location.assign("/sign-in?notice=signed-out-everywhere");
    },
  });
}

/** Changes the password; the person's other sessions end with it. */
export function useChangePassword() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { current_password: string; new_password: string }) => call(changePassword, { body }),
    onSuccess: () => cache.invalidateQueries(sessionsQuery()),
  });
}
