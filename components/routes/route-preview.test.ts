import { describe, expect, it } from "vitest";
import { forwardedAddress, previewPath } from "./route-preview.ts";

describe("the preview of a path pattern", () => {
  it("shows that * stands for any rest, none included, and for whole segments", () => {
    expect(previewPath("/users/*")).toEqual({
      matches: ["/users", "/users/42"],
      misses: "/users2",
      example: "/users/42",
      rest: "/42",
    });
  });

  it("shows that a path without * is matched alone", () => {
    expect(previewPath("/api/gst/verify")).toMatchObject({
      matches: ["/api/gst/verify"],
      misses: "/api/gst/verify/42",
      rest: null,
    });
    expect(previewPath("/")).toMatchObject({ matches: ["/"], misses: "/42" });
  });

  it("puts a value where a parameter is, and shows that it is one segment", () => {
    expect(previewPath("/orders/{order_id}")).toMatchObject({ matches: ["/orders/42"], misses: "/orders/42/more" });
    expect(previewPath("/orders/{order_id}/*")).toMatchObject({
      matches: ["/orders/42", "/orders/42/more"],
      misses: "/orders",
    });
  });

  it("says that /* leaves nothing out", () => {
    expect(previewPath("/*")).toMatchObject({ matches: ["/", "/42"], misses: null });
  });
});

describe("the forwarded address", () => {
  it("keeps the path as sent, below the path of the upstream", () => {
    expect(forwardedAddress(previewPath("/users/*"), false, "http://up/base/")).toBe("http://up/base/users/42");
  });

  it("is what * stands for once the prefix is stripped; without * there is nothing to strip", () => {
    expect(forwardedAddress(previewPath("/users/*"), true, "http://up")).toBe("http://up/42");
    expect(forwardedAddress(previewPath("/posts"), true, "http://up")).toBe("http://up/posts");
  });
});
