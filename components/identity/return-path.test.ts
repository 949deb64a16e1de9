import { expect, test } from "vitest";
import { returnPath } from "@/components/identity/return-path";

test.each(["/keys", "/keys/key_1?tab=usage#limits", "/usage?range=7d&next=//evil.example"])(
  "%s is a page of ours and is kept",
  (path) => {
    expect(returnPath(path)).toBe(path);
  },
);

test.each([
  "https://evil.example",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n\\evil.example",
  "/.//evil.example",
  "/keys/..//evil.example",
  "javascript:alert(1)",
  "evil.example",
  "http:evil.example",
  "",
])("%j leads elsewhere and becomes the start page", (address) => {
  expect(returnPath(address)).toBe("/overview");
});

test.each(["/sign-in", "/sign-in?return_to=/sign-in", "/api/auth/signout", "/keys/../api/v1"])(
  "%s is no page to land on",
  (path) => expect(returnPath(path)).toBe("/overview"),
);

test("a path is returned as the browser would read it", () => {
  expect(returnPath("/keys/../usage")).toBe("/usage");
});

test("nothing, or several, is the start page", () => {
  expect(returnPath(undefined)).toBe("/overview");
  expect(returnPath(["/keys", "/usage"])).toBe("/overview");
});
