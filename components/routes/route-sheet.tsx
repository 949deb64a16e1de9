"use client";

import { useQuery } from "@tanstack/react-query";
import { Controller } from "react-hook-form";
import type { Gateway } from "#lib/gateways/contract";
import { call } from "#lib/http/client";
import { policyKinds } from "#lib/policies/contract";
import * as contract from "#lib/routes/contract";
import type { Service } from "#lib/services/contract";
import { policiesQuery } from "@/components/policies/policies.queries";
import { policyKindNames, policyText, withoutPolicy } from "@/components/policies/policy-facts";
import { CheckField } from "@/components/portal/form-fields";
import { FieldGroup, SheetForm } from "@/components/portal/sheet-form";
import { useBodyForm } from "@/components/portal/use-body-form";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { hasWildcard, policiesOfKind, routeBodyOf, routeLabels, routeValues } from "@/components/routes/route-form";
import { forwardedAddress, previewPath } from "@/components/routes/route-preview";
import { RoutePreviewPanel } from "@/components/routes/route-preview-panel";
import { serviceChoicesQuery } from "@/components/services/services.queries";
import { ChoiceChips } from "@/components/ui/choice-chips";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { showToast } from "@/components/ui/toast";

interface RouteSheetProps {
  gateway: Gateway;
  /** The route to change; absent: a new one. */
  route?: contract.Route;
  open: boolean;
  onClose: () => void;
}

const methodOptions = contract.routeMethods.map((method) => ({ value: method, label: method }));

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

type RouteForm = ReturnType<typeof useBodyForm<ReturnType<typeof routeValues>, contract.CreateRouteBody>>;

/** Says while one types what is wrong with the pattern; the server's word (a path of the portal) stands there too. */
function PathField({ routeForm: { form, field }, path }: { routeForm: RouteForm; path: string }) {
  const { label, error } = field("path");
  const checked = contract.pathPattern.safeParse(path.trim());
  const typing = path.trim() === "" || checked.success ? undefined : `Path ${checked.error.issues[0]?.message}.`;
  return (
    <Field
      label={label}
      error={typing ?? error}
      required
      hint={
        <>
          <code>{"{name}"}</code> stands for one segment, <code>*</code> at the end for any rest.
        </>
      }
    >
      <Input
        placeholder="/v1/customers/*"
        spellCheck={false}
        autoCapitalize="none"
        className="font-mono"
        {...form.register("path")}
      />
    </Field>
  );
}

interface ServiceFieldProps {
  routeForm: RouteForm;
  services: readonly Service[] | undefined;
  route: contract.Route | undefined;
}

function ServiceField({ routeForm: { form, field }, services, route }: ServiceFieldProps) {
  // Until the list is there, an existing route keeps its own.
  const known = services ?? [];
  const own =
    route && !known.some(({ id }) => id === route.service_id)
      ? [{ value: route.service_id, label: route.service_name }]
      : [];
  const options = known.map(({ id, display_name, is_active }) => ({
    value: id,
    label: is_active ? display_name : `${display_name} (inactive)`,
  }));
  return (
    <Field
      {...field("service_id")}
      required
      {...(services?.length === 0 ? { hint: "There is none yet: create one under Services first." } : {})}
    >
      <Controller
        control={form.control}
        name="service_id"
        render={({ field: { value, onChange, onBlur, ref } }) => (
          <Select
            ref={ref}
            options={[...own, ...options]}
            placeholder="Choose a service"
            value={value}
            onValueChange={onChange}
            onBlur={onBlur}
          />
        )}
      />
    </Field>
  );
}

function MethodField({ routeForm: { form } }: { routeForm: RouteForm }) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">Methods</legend>
      <Controller
        control={form.control}
        name="methods"
        render={({ field: { value, onChange } }) => (
          <ChoiceChips label="Methods" mono options={methodOptions} value={value} onValueChange={onChange} />
        )}
      />
      <p className="text-ink-soft text-xs">None chosen: any method. HEAD is served wherever GET is.</p>
    </fieldset>
  );
}

function PolicyFields({ routeForm: { form, field } }: { routeForm: RouteForm }) {
  const policies = useQuery(policiesQuery);
  const { error } = field("policy_ids");
  return (
    <FieldGroup legend="Policies" hint="At most one of each kind. They are made on the page behind this form.">
      {policyKinds.map((kind) => (
        <Field key={kind} label={policyKindNames[kind]}>
          <Controller
            control={form.control}
            name={`policy_ids.${kind}`}
            render={({ field: { value, onChange } }) => (
              <Select
                options={[
                  { value: none, label: `None: ${lowerFirst(withoutPolicy[kind])}` },
                  ...policiesOfKind(policies.data?.data, kind).map((policy) => ({
                    value: policy.id,
                    label: `${policy.name} (${lowerFirst(policyText(policy))})`,
                  })),
                ]}
                value={value || none}
                onValueChange={(id) => onChange(id === none ? "" : id)}
              />
            )}
          />
        </Field>
      ))}
      {error && <p className="text-danger-ink text-xs">{error}</p>}
    </FieldGroup>
  );
}

const none = "none";

interface StripFieldProps {
  routeForm: RouteForm;
  path: string;
  upstream: string | null;
}

/** Explained by the path it would forward. */
function StripField({ routeForm: { form, field }, path, upstream }: StripFieldProps) {
  const isPossible = hasWildcard(path) && contract.pathPattern.safeParse(path.trim()).success;
  const preview = isPossible ? previewPath(path.trim()) : null;
  return (
    <CheckField
      control={form.control}
      name="strip_prefix"
      {...field("strip_prefix")}
      disabled={!isPossible}
      hint={
        preview ? (
          <>
            <code className="wrap-anywhere">{preview.example}</code> is passed on as{" "}
            <code className="wrap-anywhere">{upstream ? forwardedAddress(preview, true, upstream) : preview.rest}</code>
            .
          </>
        ) : (
          "Only where the path ends in /*: what * stands for is passed on alone."
        )
      }
    />
  );
}

/** Where a call may go: the first active target, else the base URL. */
const upstreamOf = (service: Service): string =>
  service.targets.find((target) => target.is_active)?.url ?? service.base_url;

/** Inside a sentence. "API key" keeps its capitals. */
const lowerFirst = (text: string) => (/^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1));
