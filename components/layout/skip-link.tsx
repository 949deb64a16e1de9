/** The first stop of the Tab key. The page's `<main>` carries the id. */
export function SkipLink() {
  return (
    <a
      href="#main"
      className="fixed top-2 left-2 z-50 -translate-y-16 rounded-sm bg-ink px-3 py-2 font-medium text-canvas text-sm focus-visible:translate-y-0"
    >
      Skip to content
    </a>
  );
}
