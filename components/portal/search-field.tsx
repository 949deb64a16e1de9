"use client";

import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

const typingPauseMs = 250;

interface SearchFieldProps {
  /** What is searched by, for screen readers: "Search by name". */
  label: string;
  placeholder: string;
  /** What is searched for now, from the URL. */
  value: string;
  /** Called once the typing pauses. */
  onSearch: (search: string) => void;
}

/** The search box of a list. Stands in a `<search>`, beside its filters. */
export function SearchField({ label, placeholder, value, onSearch }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]); // cleared, or the browser's back button
  useEffect(() => () => clearTimeout(pause.current), []);

  const type = (typed: string) => {
    setText(typed);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => onSearch(typed), typingPauseMs);
  };

  return (
    <Field label={label} labelHidden className="grow basis-44 sm:max-w-72">
      <Input
        type="search"
        placeholder={placeholder}
        maxLength={100}
        leading={<Search aria-hidden="true" />}
        value={text}
        onChange={(event) => type(event.target.value)}
      />
    </Field>
  );
}
