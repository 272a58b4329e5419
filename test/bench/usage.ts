/** An option as `parseArgs` takes it, and what it is for. */
interface Flag {
  readonly type: "string" | "boolean";
  readonly default?: string | boolean;
  readonly help: string;
}

const COLUMN = 22;

/** How the bench is used, an option a line. */
export function usage(flags: Readonly<Record<string, Flag>>): string {
  const lines = Object.entries(flags).map(([name, { type, default: unless, help }]) => {
    const option = type === "string" ? `--${name} …` : `--${name}`;
    const otherwise = typeof unless === "string" && unless !== "" ? ` (${unless} unless said)` : "";
    return `  ${option.padEnd(COLUMN)}${help}${otherwise}`;
  });
  return ["npm run bench -- [options]", "", ...lines].join("\n");
}
