import { expect, it } from "vitest";
import { explorerDocument } from "#lib/explorer/explorer-document";

it("is 3.0.3, and the codes of a refusal lead to what they mean; other words stay as they are", () => {
  const responses = { 401: { description: "API_KEY_INVALID, TOKEN_INVALID" }, 200: { description: "Done." } };
  const description = "CONFLICT";
  const document = { openapi: "3.1.0", info: { title: "T", version: "1" }, paths: { "/x": { get: { responses } } } };
  expect(explorerDocument({ ...document, tags: [{ name: "One", description: "Codes: CONFLICT" }] })).toEqual({
    openapi: "3.0.3",
    info: document.info,
    tags: [{ name: "One", description: "Codes: CONFLICT" }],
    paths: {
      "/x": {
        get: {
          responses: {
            200: { description: "Done." },
            401: {
              description:
                "[API\\_KEY\\_INVALID](/docs/errors/API_KEY_INVALID), [TOKEN\\_INVALID](/docs/errors/TOKEN_INVALID)",
            },
          },
        },
      },
    },
  });
  expect(JSON.stringify(explorerDocument({ ...document, tags: [{ description }] }))).toContain("[CONFLICT](/docs");
});
