/** Loaded into a process with --import: SIGUSR2 then is a mistake that nobody catches. */
process.on("SIGUSR2", () => {
  throw new Error("boom");
});
