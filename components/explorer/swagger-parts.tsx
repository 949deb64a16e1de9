"use client";

import { type ChangeEvent, type ComponentType, createContext, type ReactNode, use } from "react";
import { curlText } from "@/components/explorer/curl-text";
import { SearchField } from "@/components/portal/search-field";
import { CodeBlock } from "@/components/ui/code-block";

/** A value of Immutable.js, as far as it is read here. */
interface Immutable {
  get(name: string): unknown;
  toJS(): unknown;
}

interface LayoutProps {
  getComponent: (name: string, isContainer?: boolean) => ComponentType;
  layoutActions: { updateFilter: (phrase: string) => void };
  layoutSelectors: { currentFilter: () => unknown };
}

/** Swagger UI without its own head: the page has a title, a server and a key already. */
export function ExplorerLayout({ getComponent, layoutActions, layoutSelectors }: LayoutProps) {
  const Operations = getComponent("operations", true);
  const phrase = layoutSelectors.currentFilter();
  return (
    <>
      <search>
        <SearchField
          label="Find an operation by path or group"
          placeholder="Find by path or group"
          value={typeof phrase === "string" ? phrase : ""}
          onSearch={(text) => layoutActions.updateFilter(text)}
        />
      </search>
      <div className="swagger-ui">
        <Operations />
      </div>
    </>
  );
}

export const Nothing = () => null;

/** The text of a link; Swagger UI puts it into a button, where a link may not stand. The address bar follows what is opened. */
export const PlainText = ({ text }: { text: ReactNode }) => <span>{text}</span>;

/** Code, and answers, as everywhere in the portal. */
export function Code({ children, fileName }: { children?: ReactNode; fileName?: string }) {
  const code = typeof children === "string" ? children : JSON.stringify(children, null, 2);
  return <CodeBlock code={code ?? ""} label={fileName?.replace(/^response_\d+/, "response") ?? "Example"} />;
}

/** What to copy in place of the request that really went: it went through the portal, signed there. */
export function Curl({ request }: { request: Immutable }) {
  const { method, url, headers, body } = request.toJS() as Record<string, unknown>;
  const text = curlText({
    method: String(method),
    url: String(url),
    headers: (headers ?? {}) as Record<string, string>,
    body: typeof body === "string" ? body : undefined,
  });
  return <CodeBlock code={text} label="curl" />;
}

const ParameterName = createContext("Value");

/** Tells the controls inside what they are for. */
export const namedForm = (Form: ComponentType<{ description?: string }>) =>
  function NamedForm(props: { description?: string }) {
    return (
      <ParameterName value={props.description ?? "Value"}>
        <Form {...props} />
      </ParameterName>
    );
  };

interface ValueSelectProps {
  allowedValues?: readonly unknown[];
  value?: unknown;
  onChange?: (value: string | string[]) => void;
  multiple?: boolean;
  allowEmptyValue?: boolean;
  disabled?: boolean;
  className?: string;
}

export function ValueSelect({ allowedValues = [], value, onChange, multiple = false, ...rest }: ValueSelectProps) {
  const { allowEmptyValue = true, disabled, className } = rest;
  const name = use(ParameterName);
  const change = ({ target }: ChangeEvent<HTMLSelectElement>) =>
    onChange?.(multiple ? Array.from(target.selectedOptions, (option) => option.value) : target.value);
  return (
    <select
      aria-label={name}
      className={className}
      multiple={multiple}
      disabled={disabled}
      value={selection(value, multiple)}
      onChange={change}
    >
      {allowEmptyValue && <option value="">--</option>}
      {allowedValues.map((allowed) => (
        <option key={String(allowed)} value={String(allowed)}>
          {String(allowed)}
        </option>
      ))}
    </select>
  );
}

function selection(value: unknown, multiple: boolean): string | string[] {
  const plain = isImmutable(value) ? value.toJS() : value;
  if (multiple) return Array.isArray(plain) ? plain.map(String) : [];
  return plain === undefined || plain === null ? "" : String(plain);
}

const isImmutable = (value: unknown): value is Immutable =>
  typeof value === "object" && value !== null && "toJS" in value && typeof value.toJS === "function";

interface TextAreaProps {
  placeholder?: string;
  className?: string;
  value?: string;
}

/** The editor of a body. */
export const NamedTextArea = (props: TextAreaProps) => (
  <textarea aria-label={props.placeholder || "Request body"} spellCheck={false} {...props} />
);
