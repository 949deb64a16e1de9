import { describe, expect, it } from "vitest";
import { originOf } from "./origin.ts";

describe("the origin in a sample one can copy", () => {
  it("is the one the visitor came by", () => {
    expect(originOf(new Headers({ host: "localhost:4000" }))).toBe("http://localhost:4000");
    const proxied = new Headers({
      host: "10.0.0.7",
      "x-forwarded-host": "api.acme.example",
      "x-forwarded-proto": "https",
    });
    expect(originOf(proxied)).toBe("https://api.acme.example");
    expect(originOf(new Headers({ host: "[::1]:3000" }))).toBe("http://[::1]:3000");
  });

  it("never carries what a shell would run", () => {
    expect(originOf(new Headers({ host: "x$(id)" }))).toBe("http://localhost:3000");
    expect(originOf(new Headers({ host: "a.example/;reboot" }))).toBe("http://localhost:3000");
    expect(originOf(new Headers())).toBe("http://localhost:3000");
  });
});
