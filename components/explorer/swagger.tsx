"use client";

import "./swagger.css";
import { useEffect, useMemo, useRef } from "react";
import SwaggerUI from "swagger-ui-react";
import { type ExplorerRequest, sendTry } from "@/components/explorer/send-try";
import * as parts from "@/components/explorer/swagger-parts";

interface SwaggerProps {
  /** OpenAPI 3.0.3. */
  document: object;
  /** The key to try as; null: only to be read. */
  keyId: string | null;
}

type Tryable = (state: unknown, path: string, method: string) => boolean;

/** Our parts in place of Swagger UI's own: for one look, for screen readers, and so that nothing shows a credential. */
const plugin = (tryable: Tryable) => ({
  components: {
    ExplorerLayout: parts.ExplorerLayout,
    DeepLink: parts.PlainText,
    HighlightCode: parts.Code,
    curl: parts.Curl,
    Select: parts.ValueSelect,
    TextArea: parts.NamedTextArea,
    CopyToClipboardBtn: parts.Nothing,
    authorizeOperationBtn: parts.Nothing,
  },
  wrapComponents: { JsonSchemaForm: parts.namedForm },
  statePlugins: {
    spec: { wrapSelectors: { allowTryItOutFor: () => tryable } },
  },
});

/** Swagger UI over one document. It is set up once: give it another `key` for another document. */
export function Swagger({ document, keyId }: SwaggerProps) {
  const chosenKey = useRef(keyId);
  useEffect(() => {
    chosenKey.current = keyId;
  }, [keyId]);
  const plugins = useMemo(
    () => [plugin((_state, path, method) => chosenKey.current !== null && takesKey(document, path, method))],
    [document],
  );
  return (
    <SwaggerUI
      spec={document}
      layout="ExplorerLayout"
      plugins={plugins}
      deepLinking
      docExpansion="list"
      defaultModelsExpandDepth={-1}
      displayRequestDuration
      showMutatedRequest={false}
      requestInterceptor={(request) =>
        Object.assign(request, {
          userFetch: (_url: string, sent: ExplorerRequest) => sendTry(sent, chosenKey.current ?? ""),
        })
      }
    />
  );
}

/** Public operations are for those who have no key yet. */
function takesKey(document: object, path: string, method: string): boolean {
  const { paths } = document as { paths: Record<string, Record<string, { security?: readonly object[] }>> };
  const security = paths[path]?.[method]?.security;
  return security === undefined || security.length > 0;
}
