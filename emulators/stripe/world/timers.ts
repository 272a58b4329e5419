/** Lets a process end while the timer waits; runtimes without processes have nothing to let go. */
export function letGo(timer: unknown): void {
  if (typeof timer !== "object" || timer === null || !("unref" in timer)) return;
  if (typeof timer.unref === "function") timer.unref();
}
