import { expect, test } from "vitest";
import { gstinCheckCharacter, readGstin } from "#dev/demo-upstream/gstin";

const published = ["27AAPFU0939F1ZV", "29AAGCB7383J1Z4", "24AAQCA8719H1ZC", "29AABCR1718E1ZL", "27AAACR5055K1Z7"];

test.each(published)("%s, which is published as a real number, is valid", (gstin) => {
  expect(readGstin(gstin)).toMatchObject({ isValid: true, problem: null, pan: gstin.slice(2, 12) });
  expect(gstinCheckCharacter(gstin)).toBe(gstin[14]);
});

test("any other last character is not valid", () => {
  for (const character of "0123456789ABCDEFGHIJKLMNOPQRSTUWXYZ") {
    expect(readGstin(`27AAPFU0939F1Z${character}`).problem).toBe("checksum");
  }
});

test("one wrong digit or letter, or two neighbours swapped, is found", () => {
  const damaged = ["27AAPFU0938F1ZV", "27AAPFV0939F1ZV", "72AAPFU0939F1ZV", "27APAFU0939F1ZV", "27AAPFU9039F1ZV"];
  expect(damaged.map((gstin) => readGstin(gstin).isValid)).toEqual(damaged.map(() => false));
});

test("the number of S1's example is well formed, but its check character would be W", () => {
  expect(readGstin("29ABCDE1234F1Z5")).toMatchObject({ isValid: false, problem: "checksum", state: "Karnataka" });
  expect(readGstin("29ABCDE1234F1ZW").isValid).toBe(true);
});

test("states are 01 to 38, 97 and 99", () => {
  const known = Array.from({ length: 100 }, (_, at) => String(at).padStart(2, "0")).filter((state) => {
    const number = `${state}AAPFU0939F1Z`;
    return readGstin(number + gstinCheckCharacter(number)).isValid;
  });
  expect(known).toHaveLength(40);
  expect([known[0], known[37], ...known.slice(38)]).toEqual(["01", "38", "97", "99"]);
});

test.each(["", "27AAPFU0939F1XV", "27AAPFU0939F0ZV", "27aapfu0939f1zv", "27AAPFU0939F1ZV ", "2７AAPFU0939F1ZV"])(
  "%j has not the shape of a GSTIN",
  (gstin) =>
    expect(readGstin(gstin)).toEqual({ isValid: false, problem: "format", state: null, pan: null, constitution: null }),
);
