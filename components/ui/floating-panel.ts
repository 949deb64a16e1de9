/** The looks shared by what floats beside its trigger: menus, selects, popovers. */
export const floatingPanel =
  "z-50 max-w-[calc(100vw-1rem)] origin-(--radix-popper-transform-origin) rounded-md border border-line bg-raised text-ink shadow-md data-[state=closed]:animate-pop-out data-[state=open]:animate-pop-in";

/** A row one can choose, in a menu or a select. Highlight follows the pointer and the arrow keys alike. */
export const floatingItem =
  "relative flex min-h-8 w-full cursor-default select-none items-center gap-2 rounded-xs px-2 py-1 text-sm outline-none data-[disabled]:pointer-events-none data-[highlighted]:bg-muted data-[disabled]:opacity-50 pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0";
