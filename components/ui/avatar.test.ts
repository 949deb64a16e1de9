import { describe, expect, it } from "vitest";
import { initialsOf } from "@/components/ui/avatar";

describe("initials", () => {
  it("are the first letters of the first and the last word", () => {
    expect(initialsOf("Ada Lovelace")).toBe("AL");
    expect(initialsOf("acme logistics gmbh")).toBe("AG");
    expect(initialsOf("Émile")).toBe("É");
  });

  it("come from the name part of an address, and are never empty", () => {
    expect(initialsOf("ops.team@acme.example")).toBe("OT");
    expect(initialsOf("  ")).toBe("?");
    expect(initialsOf("𝒜da")).toBe("𝒜");
  });
});
