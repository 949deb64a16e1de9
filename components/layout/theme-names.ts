export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** The cookie that remembers the choice. Not a secret, and the browser writes it: it is not HttpOnly. */
export const themeCookie = "portico.theme";
