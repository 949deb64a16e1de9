import { describe, expect, it } from "vitest";
import type { CatalogApi } from "#lib/catalog/contract";
import { requestCurl } from "@/components/logs/request-curl";

const apis = [{ gateway_id: "gw_1", base_url: "https://api.example/" }] as CatalogApi[];
const apiUrl = "https://portal.example/api/v1/api-management";
const read = { method: "GET", path: "/users/1", gateway_id: "gw_1", is_management: false };

describe("a request as curl", () => {
  it("goes to the gateway it went to, with the key's variable", () => {
    expect(requestCurl(read, apis, apiUrl)).toBe(
      "curl -i 'https://api.example/users/1' \\\n  -H \"X-API-Key: $PORTICO_API_KEY\"",
    );
  });

  it("goes to the portal where it was one of the management API", () => {
    const request = { ...read, is_management: true, gateway_id: null, path: "/api/v1/api-management/whoami" };
    expect(requestCurl(request, apis, apiUrl)).toContain("'https://portal.example/api/v1/api-management/whoami'");
  });

  it("asks for the body, which is not kept", () => {
    expect(requestCurl({ ...read, method: "POST" }, apis, apiUrl)).toMatch(/^curl -i -X POST .+-d @body\.json$/s);
    expect(requestCurl({ ...read, method: "HEAD" }, apis, apiUrl)).toMatch(/^curl -i --head /);
  });

  it("quotes what a caller sent, so that it does not run", () => {
    const curl = requestCurl({ ...read, path: "/';$(rm -rf ~)'" }, apis, apiUrl);
    expect(curl).toContain(`'https://api.example/'\\'';$(rm -rf ~)'\\'''`);
  });

  it("is not made up for a gateway that is gone", () => {
    expect(requestCurl({ ...read, gateway_id: "gw_2" }, apis, apiUrl)).toBeNull();
  });
});
