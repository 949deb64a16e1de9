/** How often a figure that is shown as live is read again. A person may make 600 calls a minute. */
export const liveMs = 5_000;

/** How often one looks for the first request of a new account: it is awaited with the terminal beside the page. */
export const awaitedMs = 1_000;

/** How often the overview reads its figures again: each reading is itself a request. */
export const relaxedMs = 20_000;
