import type { CreateGatewayBody, Gateway } from "#lib/gateways/contract";
import { type CorsValues, corsBodyOf, corsLabels, corsValues } from "@/components/policies/cors-form";

/** What the form about a gateway holds, under the names of the body. */
export interface GatewayValues {
  name: string;
  description: string;
  domains: string[];
  error_format: Gateway["error_format"];
  serve_on_portal: boolean;
  /** Opens the fields of `cors`. */
  has_cors: boolean;
  cors: CorsValues;
}

export const gatewayLabels = {
  name: "Name",
  description: "Description",
  domains: "Domains",
  error_format: "Errors",
  serve_on_portal: "Serve on the portal’s host too",
  ...corsLabels("cors"),
};

export function gatewayValues(gateway?: Gateway): GatewayValues {
  return {
    name: gateway?.name ?? "",
    description: gateway?.description ?? "",
    domains: gateway?.domains ?? [],
    error_format: gateway?.error_format ?? "problem",
    serve_on_portal: gateway?.serve_on_portal ?? false,
    has_cors: gateway ? gateway.cors !== null : false,
    cors: corsValues(gateway?.cors),
  };
}

/** A body for making and for changing alike. The portal's host is sent only by those who decide about it. */
export function gatewayBodyOf(values: GatewayValues, maySetPortal: boolean): CreateGatewayBody {
  return {
    name: values.name.trim(),
    description: values.description.trim() || null,
    domains: values.domains.map((domain) => domain.toLowerCase()),
    error_format: values.error_format,
    ...(maySetPortal && { serve_on_portal: values.serve_on_portal }),
    cors: values.has_cors ? corsBodyOf(values.cors) : null,
  };
}
