const START_MS = Date.UTC(2026, 10, 20, 12);
const MAX_LOG_LINES = 400;

/** The world's time, and what happened in it. */
export class Chronicle {
  /** Milliseconds; forwards and backwards, as clocks of machines go. */
  now = START_MS;
  /** The last lines that the shop has logged. */
  readonly log: string[] = [];
  /** What happened, line by line, for whoever has to understand it. */
  readonly story: string[] = [];
  /** How often what happened: outside calls, faults, deaths. */
  readonly counts: Record<string, number> = {};

  tell(line: string): void {
    this.story.push(`${new Date(this.now).toISOString()} ${line}`);
  }

  /** Counts something that happened, for the report. */
  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Keeps a line of the shop's log. */
  note(line: string): void {
    this.log.push(line);
    if (this.log.length > MAX_LOG_LINES) this.log.shift();
  }
}
