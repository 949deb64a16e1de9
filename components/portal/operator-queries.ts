/** Where everything the operator's pages read stands in the query cache. Pages on the server and components read it alike. */
export const operatorQueries = ["operator"] as const;
