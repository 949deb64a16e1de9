"use client";

import { useQuery } from "@tanstack/react-query";
import type { Gateway } from "#lib/gateways/contract";
import { call } from "#lib/http/client";
import * as contract from "#lib/routes/contract";
import type { Service } from "#lib/services/contract";
import { FieldGroup, SheetForm } from "@/components/portal/sheet-form";
import { useBodyForm } from "@/components/portal/use-body-form";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { MethodField, PathField, PolicyFields, ServiceField, StripField } from "@/components/routes/route-fields";
import { hasWildcard, routeBodyOf, routeLabels, routeValues } from "@/components/routes/route-form";
import { RoutePreviewPanel } from "@/components/routes/route-preview-panel";
import { serviceChoicesQuery } from "@/components/services/services.queries";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { showToast } from "@/components/ui/toast";

interface RouteSheetProps {
  gateway: Gateway;
  /** The route to change; absent: a new one. */
  route?: contract.Route;
  open: boolean;
  onClose: () => void;
}

export function RouteSheet({ gateway, route, open, onClose }: RouteSheetProps) {
  const services = useQuery(serviceChoicesQuery);
  const save = useOperatorMutation((body: contract.CreateRouteBody) =>
    route
      ? call(contract.updateRoute, { params: { gateway_id: gateway.id, route_id: route.id }, body })
      : call(contract.createRoute, { params: { gateway_id: gateway.id }, body }),
  );
  const routeForm = useBodyForm({
    values: routeValues(route),
    bodyOf: routeBodyOf,
    schema: contract.createRouteBody,
    labels: routeLabels,
    async send(body) {
      const saved = await save.mutateAsync(body);
      onClose();
      showToast({ title: `${saved.path} ${route ? "changed" : "created"}` });
    },
  });
  const { form, field, problem, isPending, onSubmit } = routeForm;
  const [path, methods, strip, serviceId] = form.watch(["path", "methods", "strip_prefix", "service_id"]);
  const chosen = services.data?.data.find((service) => service.id === serviceId);

  return (
    <SheetForm
      title={route ? `Edit ${route.path}` : "Create route"}
      description={`Of ${gateway.name}. Served within a second.`}
      submitLabel={route ? "Save changes" : "Create route"}
      open={open}
      onClose={onClose}
      onSubmit={onSubmit}
      isPending={isPending}
      problem={problem}
    >
      <div className="flex flex-col gap-3">
        <PathField routeForm={routeForm} path={path} />
        <RoutePreviewPanel
          path={path}
          methods={methods}
          stripPrefix={strip && hasWildcard(path)}
          service={chosen ? { name: chosen.display_name, upstream: upstreamOf(chosen) } : null}
        />
      </div>
      <ServiceField routeForm={routeForm} services={services.data?.data} route={route} />
      <MethodField routeForm={routeForm} />
      <PolicyFields routeForm={routeForm} />
      <FieldGroup legend="More">
        <StripField routeForm={routeForm} path={path} upstream={chosen ? upstreamOf(chosen) : null} />
        <Field {...field("headers")} optional hint="One a line. A request matches only when it carries all of them.">
          <Textarea
            rows={2}
            placeholder="X-Version: 2"
            spellCheck={false}
            className="min-h-16 font-mono text-sm"
            {...form.register("headers")}
          />
        </Field>
        <Field {...field("priority")} hint="Higher is tried first; among equals the more specific path.">
          <Input inputMode="numeric" className="max-w-28" {...form.register("priority")} />
        </Field>
        <Field {...field("name")} optional hint="Shown beside the path. By default the path itself.">
          <Input maxLength={100} {...form.register("name")} />
        </Field>
      </FieldGroup>
    </SheetForm>
  );
}

/** Where a call may go: the first active target, else the base URL. */
const upstreamOf = (service: Service): string =>
  service.targets.find((target) => target.is_active)?.url ?? service.base_url;
