import { describe, expect, it } from "vitest";
import { currentHref } from "./navigation.ts";

const items = ["/keys", "/usage", "/operator", "/operator/keys"].map((href) => ({ href, label: href, icon: null }));
const sections = [{ items: items.slice(0, 2) }, { title: "Operator", items: items.slice(2) }];

describe("the current item of the navigation", () => {
  it("is the page's own item, or its nearest parent's", () => {
    expect(currentHref(sections, "/keys")).toBe("/keys");
    expect(currentHref(sections, "/keys/key_123")).toBe("/keys");
    expect(currentHref(sections, "/operator/keys/key_123")).toBe("/operator/keys");
  });

  it("is none for a page outside, even when the names begin alike", () => {
    expect(currentHref(sections, "/keys-of-others")).toBeUndefined();
    expect(currentHref(sections, "/")).toBeUndefined();
  });
});
