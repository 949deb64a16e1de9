import type { CreateServiceBody, Service, UpdateServiceBody } from "#lib/services/contract";
import { numberOf, textOf } from "@/components/portal/use-body-form";

/** What the form about a service holds: texts, under the names of the body. */
export interface ServiceValues {
  name: string;
  display_name: string;
  description: string;
  base_url: string;
  connect_timeout_ms: string;
  response_timeout_ms: string;
  total_timeout_ms: string;
}

export const serviceLabels = {
  name: "Name",
  display_name: "Display name",
  description: "Description",
  base_url: "Base URL",
  connect_timeout_ms: "To connect",
  response_timeout_ms: "To first byte",
  total_timeout_ms: "In all",
};

/** Of a new service, or of one that is there. */
export function serviceValues(service?: Service): ServiceValues {
  return {
    name: service?.name ?? "",
    display_name: service?.display_name ?? "",
    description: service?.description ?? "",
    base_url: service?.base_url ?? "",
    connect_timeout_ms: textOf(service?.connect_timeout_ms),
    response_timeout_ms: textOf(service?.response_timeout_ms),
    total_timeout_ms: textOf(service?.total_timeout_ms),
  };
}

/** What was left empty is left to the installation's defaults. */
export function createServiceBodyOf(values: ServiceValues): CreateServiceBody {
  const { connect, response, total } = timeoutsOf(values);
  return {
    name: values.name.trim(),
    base_url: values.base_url.trim(),
    ...(values.display_name.trim() && { display_name: values.display_name }),
    ...(values.description.trim() && { description: values.description }),
    ...(connect !== undefined && { connect_timeout_ms: connect }),
    ...(response !== undefined && { response_timeout_ms: response }),
    ...(total !== undefined && { total_timeout_ms: total }),
  };
}

export function updateServiceBodyOf(values: ServiceValues): UpdateServiceBody {
  const { connect, response, total } = timeoutsOf(values);
  return {
    name: values.name.trim(),
    display_name: values.display_name.trim() || values.name.trim(),
    description: values.description.trim() || null,
    base_url: values.base_url.trim(),
    ...(connect !== undefined && { connect_timeout_ms: connect }),
    ...(response !== undefined && { response_timeout_ms: response }),
    total_timeout_ms: total ?? null,
  };
}

const timeoutsOf = (values: ServiceValues) => ({
  connect: numberOf(values.connect_timeout_ms),
  response: numberOf(values.response_timeout_ms),
  total: numberOf(values.total_timeout_ms),
});
