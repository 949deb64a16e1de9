/** Puts text on the clipboard; false where the browser refuses. The clipboard API is missing on plain http hosts. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const holder = document.createElement("textarea");
  holder.value = text;
  holder.setAttribute("readonly", "");
  holder.style.cssText = "position:fixed;opacity:0";
  // Inside an open dialog, or its focus trap would take the selection away.
  const parent = document.activeElement?.closest("[role=dialog],[role=alertdialog]") ?? document.body;
  parent.append(holder);
  holder.select();
  const isCopied = document.execCommand("copy");
  holder.remove();
  return isCopied;
}
