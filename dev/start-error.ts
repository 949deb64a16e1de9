/** Something the person who started Portico can put right: printed as its one sentence, without a stack. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** What a failed system call means, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const words: Record<string, string> = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    ENOTDIR: "a part of the path is a file, not a folder",
    EEXIST: "it is a file, not a folder",
    ENOENT: "no folder can be made there",
    EROFS: "the file system is read-only",
    ENOSPC: "the disk is full",
    ENAMETOOLONG: "the path is too long",
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}

/** The last line of a program's output, where the reason for its failure usually stands. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "no reason given";
}
