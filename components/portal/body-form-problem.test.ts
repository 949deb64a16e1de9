import { describe, expect, it } from "vitest";
import { createGatewayBody } from "#lib/gateways/contract";
import { createServiceBody } from "#lib/services/contract";
import { faultsOf, faultsOfBody, placeFaults } from "./body-form-problem.ts";

describe("what is wrong with a body", () => {
  it("is found by the contract before it is sent, in words that follow the label", () => {
    const body = { name: "Users API", base_url: "", connect_timeout_ms: Number.NaN, response_timeout_ms: 0 };
    const labels = { name: "Name", base_url: "Base URL", connect_timeout_ms: "Connect", response_timeout_ms: "Answer" };
    const { atFields, above } = placeFaults(faultsOfBody(createServiceBody, body), labels, body);
    expect(above).toEqual([]);
    expect(Object.fromEntries(atFields.map(({ name, detail }) => [name, detail]))).toEqual({
      name: "Name must begin with a letter and hold only lower-case letters, digits, - and _.",
      base_url: "Base URL is required.",
      connect_timeout_ms: "Connect must be a whole number.",
      response_timeout_ms: "Answer must be at least 1.",
    });
  });

  it("stands at the list that is one field, with the entry it is about", () => {
    const body = { name: "Public", domains: ["api.isp.com", "https://isp.com"] };
    const { atFields } = placeFaults(faultsOfBody(createGatewayBody, body), { name: "Name", domains: "Domains" }, body);
    expect(atFields).toEqual([
      { name: "domains", detail: "“https://isp.com” must be a host name without port, such as api.isp.com." },
    ]);
  });

  it("stands at the one field of a row the server names, and above the form where there is none", () => {
    const faults = faultsOf([
      { in: "body", pointer: "#/limits/1/limit", detail: "Use a whole number from 1 to 5." },
      { in: "body", pointer: "#/tenant", detail: "is suspended" },
    ]);
    expect(placeFaults(faults, { "limits.*.limit": "Calls" }, {})).toEqual({
      atFields: [{ name: "limits.1.limit", detail: "Use a whole number from 1 to 5." }],
      above: ["tenant is suspended."],
    });
  });
});
