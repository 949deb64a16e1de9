"use client";

import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { Input, type InputProps } from "@/components/ui/input";

/** A password that can be looked at before it is sent. */
export function PasswordInput(props: Omit<InputProps, "type" | "trailing">) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <Input
      autoComplete="current-password"
      spellCheck={false}
      autoCapitalize="none"
      {...props}
      type={isShown ? "text" : "password"}
      trailing={
        <button
          type="button"
          aria-label={isShown ? "Hide password" : "Show password"}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
          className="grid size-6 place-items-center rounded-xs text-ink-soft hover:text-ink pointer-coarse:size-9"
        >
          <Icon aria-hidden="true" />
        </button>
      }
    />
  );
}
