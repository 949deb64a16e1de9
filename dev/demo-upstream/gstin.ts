/** What a GSTIN says by itself, without asking the register. */
export interface GstinReading {
  isValid: boolean;
  /** Why it is not: the shape, a state that does not exist, or the check character. */
  problem: "format" | "state" | "checksum" | null;
  state: string | null;
  pan: string | null;
  /** What the fourth letter of the PAN says its holder is. */
  constitution: string | null;
}

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const shape = /^(\d{2})([A-Z]{5}\d{4}[A-Z])[1-9A-Z]Z[0-9A-Z]$/;

/**
 * Reads an Indian goods and services tax number: state code, PAN, the holder's registration in that state, `Z`, and a check
 * character.
 */
export function readGstin(gstin: string): GstinReading {
  const [, stateCode = "", pan = ""] = shape.exec(gstin) ?? [];
  if (!pan) return { isValid: false, problem: "format", state: null, pan: null, constitution: null };
  const state = states.get(stateCode) ?? null;
  const problem = state === null ? "state" : gstin.endsWith(gstinCheckCharacter(gstin)) ? null : "checksum";
  return { isValid: problem === null, problem, state, pan, constitution: constitutions.get(pan.charAt(3)) ?? null };
}

/** The fifteenth character that belongs to the first fourteen (ISO/IEC 7812's method of Luhn, in base 36). */
export function gstinCheckCharacter(gstin: string): string {
  const sum = [...gstin.slice(0, 14)].reduce((total, character, at) => {
    const product = digits.indexOf(character) * (at % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 36) + (product % 36);
  }, 0);
  return digits.charAt((36 - (sum % 36)) % 36);
}

const constitutions: ReadonlyMap<string, string> = new Map([
  ["A", "Association of persons"],
  ["B", "Body of individuals"],
  ["C", "Company"],
  ["F", "Partnership firm"],
  ["G", "Government"],
  ["H", "Hindu undivided family"],
  ["J", "Artificial juridical person"],
  ["L", "Local authority"],
  ["P", "Individual"],
  ["T", "Trust"],
]);

const states: ReadonlyMap<string, string> = new Map([
  ["01", "Jammu and Kashmir"],
  ["02", "Himachal Pradesh"],
  ["03", "Punjab"],
  ["04", "Chandigarh"],
  ["05", "Uttarakhand"],
  ["06", "Haryana"],
  ["07", "Delhi"],
  ["08", "Rajasthan"],
  ["09", "Uttar Pradesh"],
  ["10", "Bihar"],
  ["11", "Sikkim"],
  ["12", "Arunachal Pradesh"],
  ["13", "Nagaland"],
  ["14", "Manipur"],
  ["15", "Mizoram"],
  ["16", "Tripura"],
  ["17", "Meghalaya"],
  ["18", "Assam"],
  ["19", "West Bengal"],
  ["20", "Jharkhand"],
  ["21", "Odisha"],
  ["22", "Chhattisgarh"],
  ["23", "Madhya Pradesh"],
  ["24", "Gujarat"],
  ["25", "Daman and Diu"],
  ["26", "Dadra and Nagar Haveli and Daman and Diu"],
  ["27", "Maharashtra"],
  ["28", "Andhra Pradesh (before 2014)"],
  ["29", "Karnataka"],
  ["30", "Goa"],
  ["31", "Lakshadweep"],
  ["32", "Kerala"],
  ["33", "Tamil Nadu"],
  ["34", "Puducherry"],
  ["35", "Andaman and Nicobar Islands"],
  ["36", "Telangana"],
  ["37", "Andhra Pradesh"],
  ["38", "Ladakh"],
  ["97", "Other territory"],
  ["99", "Centre jurisdiction"],
]);
