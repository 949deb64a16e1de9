/** The password of every demo account. They exist only where the demo data was made: never in production without PORTICO_DEMO. */
export const demoPassword = "portico-demo";

/** The people of the demo data, in the order they are shown. */
export const demoAccounts = [
  { email: "admin@portico.localhost", role: "Super admin", name: "Ada Admin" },
  { email: "operator@portico.localhost", role: "Tenant admin", name: "Otto Operator" },
  { email: "reseller@portico.localhost", role: "Reseller", name: "Rosa Reseller" },
  { email: "customer@portico.localhost", role: "Customer", name: "Carla Customer" },
  { email: "developer@portico.localhost", role: "Developer", name: "Dev Developer" },
] as const;
