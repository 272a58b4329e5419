import type { Mutant } from "../mutant.ts";
import type { Listener } from "./try-all.ts";
import type { Verdict } from "./verdict.ts";

const MINUTE_S = 60;

/** Says how far it is, in one line for each. */
export function progress(say: (line: string) => void): Listener {
  const started = performance.now();
  return {
    judged: (verdict, done, of) => {
      const each = (performance.now() - started) / done;
      const left = done === of ? "" : `, ${inWords(((of - done) * each) / 1000)} left`;
      say(`  ${done} of ${of} ${verdict.is}: ${verdict.mutant.name}${reason(verdict)}${left}`);
      if (done === of) say("  the same tests without a mutant …");
    },
    useless: ({ name }, because) => say(`  invalid after all: ${name} (${because})`),
  };
}

const reason = (verdict: Verdict) =>
  verdict.is === "survived" ? "" : ` (${verdict.because.slice(0, 160)})`;

/** The counts, and each mutant that was not killed with its change. */
export function summary(verdicts: readonly Verdict[], seconds: number): string[] {
  const count = (is: Verdict["is"]) => verdicts.filter((one) => one.is === is).length;
  return [
    ...verdicts.flatMap((verdict) => (verdict.is === "killed" ? [] : describe(verdict))),
    "",
    `${count("killed")} killed, ${count("survived")} survived, ${count("invalid")} invalid, in ${inWords(seconds)}`,
  ];
}

function describe(verdict: Exclude<Verdict, { is: "killed" }>): string[] {
  const { name, dies, by, change } = verdict.mutant;
  const title = `${verdict.is.toUpperCase()}: ${name}`;
  if (verdict.is === "invalid") return ["", title, `  ${verdict.because}`];
  const tests = by === undefined ? dies : `${dies}, "${by}"`;
  return [
    "",
    title,
    `  not noticed by ${tests}`,
    `  ${verdict.place.path}:${verdict.place.line}`,
    ...diff(change),
  ];
}

const diff = ([text, becomes]: Mutant["change"]) => [
  ...text.split("\n").map((line) => `  - ${line}`),
  ...becomes.split("\n").map((line) => `  + ${line}`),
];

function inWords(seconds: number): string {
  const whole = Math.ceil(seconds);
  const rest = whole % MINUTE_S;
  return whole < MINUTE_S ? `${whole} s` : `${Math.floor(whole / MINUTE_S)} min ${rest} s`;
}
