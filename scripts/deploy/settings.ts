import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_convertConfigBindingsToStartWorkerBindings, unstable_readConfig } from "wrangler";
import * as z from "zod";

/** The part of wrangler's configuration that the scripts look at; its own types do not say more. */
const settingsSchema = z.object({
  name: z.string(),
  vars: z.object({ PUBLIC_URL: z.string(), MAIL_FROM: z.string() }).catchall(z.string()),
  secrets: z.object({ required: z.array(z.string()).default([]) }).default({ required: [] }),
  triggers: z.object({ crons: z.array(z.string()).default([]) }),
  assets: z.object({ directory: z.string() }).optional(),
  d1_databases: z.array(
    z.object({ binding: z.string(), database_name: z.string(), migrations_dir: z.string() }),
  ),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string() })).default([]),
  queues: z.object({
    producers: z.array(z.object({ binding: z.string(), queue: z.string() })).default([]),
    consumers: z
      .array(z.looseObject({ queue: z.string(), dead_letter_queue: z.string().optional() }))
      .default([]),
  }),
  ratelimits: z.array(
    z.object({ name: z.string(), namespace_id: z.string(), simple: z.unknown() }),
  ),
});
const bindingsSchema = z.record(z.string(), z.object({ type: z.string() }));

export type Settings = z.infer<typeof settingsSchema> & { bindings: string[] };

export interface DocumentedVariable {
  name: string;
  /** The comment above it, on one line. */
  purpose: string;
}

const VARIABLE_TYPES = ["plain_text", "json", "secret_text", "inherit"];

/** What wrangler.toml says about one environment; `undefined` is the top level. */
export function readSettings(root: string, environment: string | undefined): Settings {
  const config = unstable_readConfig({
    config: join(root, "wrangler.toml"),
    ...(environment === undefined ? {} : { env: environment }),
  });
  const all = bindingsSchema.parse(
    unstable_convertConfigBindingsToStartWorkerBindings(config) ?? {},
  );
  const bindings = Object.keys(all).filter(
    (name) => !VARIABLE_TYPES.includes(all[name]?.type ?? ""),
  );
  return { ...settingsSchema.parse(config), bindings };
}

/** Every `NAME=` of .dev.vars.example with the comment that ends right above it. */
export function readDocumentedVariables(root: string): DocumentedVariable[] {
  const documented: DocumentedVariable[] = [];
  let comment: string[] = [];
  for (const line of readFileSync(join(root, ".dev.vars.example"), "utf8").split("\n")) {
    const name = /^([A-Z][A-Z0-9_]*)=/.exec(line)?.[1];
    if (name !== undefined) documented.push({ name, purpose: comment.join(" ") });
    if (line.startsWith("#")) comment.push(line.replace(/^#\s*/, ""));
    else if (line.trim() === "") comment = [];
  }
  return documented;
}
