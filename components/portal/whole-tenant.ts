/** Stands for the account id where a membership has none: a role in the tenant as a whole. */
export const wholeTenant = "tenant";
