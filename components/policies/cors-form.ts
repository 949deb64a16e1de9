import { type Cors, corsBody } from "#lib/policies/cors-body";
import { numberOf, textOf } from "@/components/portal/use-body-form";

/** What the fields about CORS hold. */
export type CorsValues = Omit<Cors, "max_age"> & { max_age: string };

/** Of what is there, else of a new one: the contract's defaults, without an origin. */
export function corsValues(cors: Cors | null | undefined): CorsValues {
  const { max_age, ...rest } = cors ?? { ...corsBody.parse({ allowed_origins: ["*"] }), allowed_origins: [] };
  return { ...rest, max_age: textOf(max_age) };
}

export function corsBodyOf({ max_age, ...rest }: CorsValues): Cors {
  return { ...rest, max_age: numberOf(max_age) ?? 0 };
}

const labels = {
  allowed_origins: "Allowed origins",
  allowed_methods: "Allowed methods",
  allowed_headers: "Headers pages may send",
  exposed_headers: "Headers pages may read",
  allow_credentials: "Allow credentials",
  max_age: "Preflight is kept for",
};

export type CorsPart = keyof typeof labels;

/** The labels of the fields, by their names below `group`. */
export function corsLabels(group: string): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([part, label]) => [`${group}.${part}`, label]));
}
