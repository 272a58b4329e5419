import { notFound, unauthenticated } from "../platform/errors.ts";
import type { CsvContext } from "./context.ts";
import { partsOf } from "./exports/write-part.ts";
import { joinObjects } from "./files/join-objects.ts";
import { type CsvJob, presentJob, scopeOf } from "./job.ts";
import { findJob, type JobRow } from "./store.ts";

interface Sought {
  readonly id: string;
}

/** An export or import, for admins, the agent who has made it, and programs that may make one. Throws `UNAUTHENTICATED`, `NOT_FOUND`. */
export async function getJob(ctx: CsvContext, sought: Sought): Promise<CsvJob> {
  return presentJob(await find(ctx, sought), ctx.config.publicUrl);
}

/** The file of an export that is done. Throws as `getJob` does. */
export async function openFile(
  ctx: CsvContext,
  sought: Sought,
): Promise<{ readonly name: string; readonly size: number; readonly body: ReadableStream }> {
  const row = await find(ctx, sought);
  if (row.type !== "export" || row.status !== "succeeded") throw notFound("file");
  const parts = partsOf(row);
  const day = new Date(row.createdAt).toISOString().slice(0, "yyyy-mm-dd".length);
  return {
    name: `${row.kind}-${day}.csv`,
    size: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    body: joinObjects(
      ctx.files,
      parts.map(({ key }) => key),
    ),
  };
}

async function find(ctx: CsvContext, { id }: Sought): Promise<JobRow> {
  const { user, scopes, label } = ctx.actor;
  if (user === undefined && scopes === undefined) throw unauthenticated();
  const [row] = await ctx.db.run(findJob(id));
  if (row === undefined) throw notFound("job");
  const mayRead =
    user === undefined
      ? (scopes?.includes(scopeOf(row)) ?? false)
      : user.role === "admin" || (user.role === "agent" && row.actor === label);
  if (!mayRead) throw notFound("job");
  return row;
}
