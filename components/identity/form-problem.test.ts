import { expect, test } from "vitest";
import { ApiProblem } from "#lib/http/client";
import { signUpBody } from "#lib/identity/contract";
import { divideProblem, fieldSentence, phraseIssue } from "@/components/identity/form-problem";

const labels = { email: "E-mail address", password: "Password", token: "The link" };
const refused = (fields: ApiProblem["fields"]) =>
  new ApiProblem({
    status: 422,
    code: "VALIDATION_FAILED",
    detail: "Some fields are wrong.",
    requestId: "req_1",
    fields,
  });

test("an error of a field on the form stands at the field, and there only", () => {
  const problem = refused([{ in: "body", pointer: "#/password", detail: "is too easy to guess" }]);
  expect(divideProblem(problem, ["email", "password"], labels)).toEqual({
    atFields: [{ name: "password", detail: "is too easy to guess" }],
    above: [],
    requestId: null,
  });
});

test("an error of a part that has no field stands above the form, by its name, with the request id", () => {
  const problem = refused([{ in: "body", pointer: "#/token", detail: "is not valid: ask for a new one." }]);
  expect(divideProblem(problem, ["password"], labels)).toEqual({
    atFields: [],
    above: ["The link is not valid: ask for a new one."],
    requestId: "req_1",
  });
});

test("a query parameter of the same name is not the field", () => {
  const problem = refused([{ in: "query", pointer: "email", detail: "is unknown" }]);
  expect(divideProblem(problem, ["email"], labels).atFields).toEqual([]);
});

test("pointers into lists and escaped names become the form's names", () => {
  const problem = refused([{ in: "body", pointer: "#/limits/0/a~1b", detail: "is wrong" }]);
  expect(divideProblem(problem, ["limits.0.a/b"], {}).atFields).toEqual([{ name: "limits.0.a/b", detail: "is wrong" }]);
});

test("a problem without fields is said above the form", () => {
  const problem = new ApiProblem({
    status: 500,
    code: "INTERNAL_ERROR",
    detail: "The fault is ours.",
    requestId: "req_2",
  });
  expect(divideProblem(problem, ["email"], labels)).toEqual({
    atFields: [],
    above: ["The fault is ours."],
    requestId: "req_2",
  });
});

test("a label and a detail make one sentence", () => {
  expect(fieldSentence("Password", "is wrong")).toBe("Password is wrong.");
  expect(fieldSentence("The link", "is old. Ask again.")).toBe("The link is old. Ask again.");
});

test("every rule of the contract that an empty form breaks has words that follow a label", () => {
  const { error } = signUpBody.safeParse({ email: "", password: "", name: "" }, { error: phraseIssue });
  const words = Object.fromEntries(error?.issues.map(({ path, message }) => [path[0], message]) ?? []);
  expect(words).toEqual({
    email: "is required",
    password: "must have at least 10 characters",
    name: "must not be empty",
  });
});
