"use client";

import { X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, type Ref, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import { useFieldControl } from "@/components/ui/field-control";
import { controlStyle } from "@/components/ui/input";

interface TagInputProps {
  value: readonly string[];
  onChange: (value: string[]) => void;
  onBlur?: () => void;
  placeholder?: string;
  /** Of the box one types in: a form moves focus there. */
  ref?: Ref<HTMLInputElement>;
}

const separators = /[\s,]+/;

/** Any number of short texts without spaces: domains, origins, scopes. Enter, comma, space or leaving the box adds one. */
export function TagInput({ value, onChange, onBlur, placeholder, ref }: TagInputProps) {
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLSpanElement>(null);
  const wiring = useFieldControl({});

  const add = (text: string) => {
    const fresh = text.split(separators).filter(Boolean);
    if (fresh.length > 0) onChange([...new Set([...value, ...fresh])]);
    setTyped("");
  };
  const remove = (tag: string) => {
    onChange(value.filter((kept) => kept !== tag));
    box.current?.querySelector("input")?.focus(); // the button that had the focus is gone
  };
  const press = (event: KeyboardEvent) => {
    const last = value.at(-1);
    if (["Enter", ",", " "].includes(event.key) && typed.trim() !== "") {
      event.preventDefault();
      add(typed);
    } else if (event.key === "Backspace" && typed === "" && last !== undefined) remove(last);
  };
  const paste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text");
    if (!separators.test(text.trim())) return;
    event.preventDefault();
    add(`${typed}${text}`);
  };

  return (
    <span
      ref={box}
      className={cn(
        controlStyle,
        "flex min-h-8 flex-wrap items-center gap-1 px-1.5 py-1 has-[input:focus-visible]:border-accent-ink has-[input[aria-invalid=true]]:border-danger pointer-coarse:min-h-11",
      )}
    >
      {value.map((tag) => (
        <span
          key={tag}
          className="inline-flex max-w-full items-center gap-0.5 rounded-xs border border-line bg-muted pl-1.5 font-mono text-ink text-xs"
        >
          <span className="truncate">{tag}</span>
          <button
            type="button"
            aria-label={`Remove ${tag}`}
            onClick={() => remove(tag)}
            className="grid size-5 shrink-0 place-items-center rounded-xs text-ink-faint hover:text-ink pointer-coarse:size-8"
          >
            <X aria-hidden="true" className="size-3" />
          </button>
        </span>
      ))}
      <input
        {...wiring}
        ref={ref}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={press}
        onPaste={paste}
        onBlur={() => {
          add(typed);
          onBlur?.();
        }}
        placeholder={value.length === 0 ? placeholder : undefined}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        className="field-sizing-content h-6 min-w-10 max-w-full grow bg-transparent px-1 font-mono text-sm outline-none"
      />
    </span>
  );
}
