"use client";

import { Controller } from "react-hook-form";
import * as contract from "#lib/gateways/contract";
import { call } from "#lib/http/client";
import { errorFormats } from "@/components/gateways/gateway-facts";
import { gatewayBodyOf, gatewayLabels, gatewayValues } from "@/components/gateways/gateway-form";
import { CorsFields } from "@/components/policies/cors-fields";
import { CheckField, TagField } from "@/components/portal/form-fields";
import { usePortal } from "@/components/portal/portal-context";
import { FieldGroup, SheetForm } from "@/components/portal/sheet-form";
import { useBodyForm } from "@/components/portal/use-body-form";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { Callout } from "@/components/ui/callout";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup } from "@/components/ui/radio-group";
import { showToast } from "@/components/ui/toast";

const formatOptions = contract.errorFormats.map((value) => ({ value, ...errorFormats[value] }));

interface GatewaySheetProps {
  /** The gateway to change; absent: a new one. */
  gateway?: contract.Gateway;
  open: boolean;
  onClose: () => void;
  onCreated?: (gateway: contract.Gateway) => void;
}

export function GatewaySheet({ gateway, open, onClose, onCreated }: GatewaySheetProps) {
  const { can } = usePortal();
  const save = useOperatorMutation((body: contract.CreateGatewayBody) =>
    gateway
      ? call(contract.updateGateway, { params: { gateway_id: gateway.id }, body })
      : call(contract.createGateway, { body }),
  );
  const { form, field, problem, isPending, onSubmit } = useBodyForm({
    values: gatewayValues(gateway),
    bodyOf: (values) => gatewayBodyOf(values, can.serveOnPortal),
    schema: contract.createGatewayBody,
    labels: gatewayLabels,
    async send(body) {
      const saved = await save.mutateAsync(body);
      onClose();
      showToast({ title: `${saved.name} ${gateway ? "changed" : "created"}` });
      if (!gateway) onCreated?.(saved);
    },
  });

  return (
    <SheetForm
      title={gateway ? `Edit ${gateway.name}` : "Create gateway"}
      description={
        gateway ? "Served as changed within a second." : "Where callers reach your APIs: hosts with their routes."
      }
      submitLabel={gateway ? "Save changes" : "Create gateway"}
      open={open}
      onClose={onClose}
      onSubmit={onSubmit}
      isPending={isPending}
      problem={problem}
    >
      <Field {...field("name")} required>
        <Input placeholder="Public API" maxLength={100} {...form.register("name")} />
      </Field>
      <Field {...field("description")} optional>
        <Input {...form.register("description")} />
      </Field>
      <TagField
        control={form.control}
        name="domains"
        {...field("domains")}
        optional
        placeholder="api.isp.com"
        hint="Hosts that lead to this gateway. Without any, it serves every host on the gateway port."
      />
      {can.serveOnPortal ? (
        <CheckField
          control={form.control}
          name="serve_on_portal"
          {...field("serve_on_portal")}
          hint="Its answers come from the portal’s origin. Only for upstreams you trust as much as the portal itself."
        />
      ) : (
        <Callout>
          {gateway?.serve_on_portal
            ? "It is served on the portal’s host too."
            : "It is not served on the portal’s host."}{" "}
          A super admin decides that.
        </Callout>
      )}
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1.5 font-medium text-sm">{gatewayLabels.error_format}</legend>
        <Controller
          control={form.control}
          name="error_format"
          render={({ field: { value, onChange } }) => (
            <RadioGroup
              label="How its refusals are written"
              options={formatOptions}
              value={value}
              onValueChange={onChange}
            />
          )}
        />
      </fieldset>
      <FieldGroup legend="Calls from browsers (CORS)">
        <CheckField
          control={form.control}
          name="has_cors"
          label="Let web pages of other origins call it"
          hint="A route may have a CORS policy of its own instead."
        />
        {form.watch("has_cors") && <CorsFields form={form} field={field} at={(part) => `cors.${part}` as const} />}
      </FieldGroup>
    </SheetForm>
  );
}
