import { DAY_MS, dayOf, toTimestamp } from "../platform/clock.ts";
import { sha256 } from "../platform/hash.ts";
import type { Archive, RetentionContext } from "./context.ts";
import { BEGINNING, readProgress, type Saved, saveWith } from "./progress.ts";
import {
  dropPayloads,
  eventsToArchive,
  type OldEvent,
  type Place,
  purgeEventsOfNobody,
} from "./store.ts";

const EVENTS_A_SLICE = 100;
/** An object of about this many characters before it is compressed; one event more than it makes no harm. */
const CHARS_A_SLICE = 2_000_000;
const SLICES_A_RUN = 20;
/** An old event that a person has replayed lies behind the walk: the next one, after so long, finds it. */
const WALK_AGAIN_MS = 30 * DAY_MS;
const NAME_CHARS = 16;

/**
 * Takes out what providers have sent and nobody will ask for any more, in slices, each so:
 *
 *     1. with which event it ends    written down
 *     2. what was sent               into the bucket, if there is one
 *     3. the payloads, and how far it is    one batch
 *
 * Dead after 2: the next run puts the same object there again, under the same name, however much is due by then. Two runs at
 * once do the same.
 */
export async function archiveEvents(ctx: RetentionContext): Promise<number> {
  let archived = 0;
  let progress: Saved | undefined = await readProgress(ctx);
  for (let slice = 0; slice < SLICES_A_RUN; slice += 1) {
    const events: readonly OldEvent[] = await ctx.db.run(nextSlice(progress));
    const last = events.at(-1);
    if (last === undefined) {
      await walkAgain(ctx, progress);
      return archived;
    }
    const end = { at: last.receivedAt, id: last.id };
    const begun: Saved | undefined = await beginSlice(ctx, progress, end);
    if (begun === undefined) return archived; // another run has got further
    const sent = events.filter(({ payload }) => payload !== "");
    if (ctx.archive !== undefined && sent.length > 0) await store(ctx.archive, sent);
    const ids = events.map(({ id }) => id);
    const { saved } = await saveWith(ctx, begun, {
      change: { archive: end, archiving: null },
      statements: [purgeEventsOfNobody(ids), dropPayloads(ids)],
    });
    archived += sent.length;
    if (saved === undefined) return archived;
    progress = saved;
  }
  return archived;
}

function nextSlice({ archive, archiving }: Saved) {
  const most = { limit: EVENTS_A_SLICE, chars: CHARS_A_SLICE };
  return eventsToArchive(archive, { ...most, through: archiving });
}

/** The slice that a run has begun is gone on with as it was. */
async function beginSlice(
  ctx: RetentionContext,
  progress: Saved,
  end: Place,
): Promise<Saved | undefined> {
  if (progress.archiving !== null) return progress;
  return (await saveWith(ctx, progress, { change: { archiving: end }, statements: [] })).saved;
}

async function walkAgain(ctx: RetentionContext, progress: Saved): Promise<void> {
  const isDue = ctx.now() - progress.archiveBegun >= WALK_AGAIN_MS;
  if (!isDue && progress.archiving === null) return;
  const again = isDue ? { archive: BEGINNING, archiveBegun: ctx.now() } : {};
  const change = { ...again, archiving: null }; // what was begun is gone
  await saveWith(ctx, progress, { change, statements: [] });
}

/** The name says what is in it, so that nothing is ever written over by anything else. */
async function store(archive: Archive, events: readonly OldEvent[]): Promise<void> {
  const [first] = events;
  if (first === undefined) return;
  const text = events.map((event) => `${JSON.stringify(lineOf(event))}\n`).join("");
  const mark = (await sha256(text)).slice(0, NAME_CHARS);
  const name = `webhook-events/${dayOf(first.receivedAt)}/${first.id}-${mark}.ndjson.gz`;
  await archive.put(name, await gzip(text), {
    httpMetadata: { contentType: "application/gzip" }, // with a content encoding, fetch would unpack it on the way
  });
}

function lineOf({ receivedAt, processedAt, ...event }: OldEvent) {
  return {
    ...event,
    receivedAt: toTimestamp(receivedAt),
    processedAt: processedAt === null ? null : toTimestamp(processedAt),
  };
}

function gzip(text: string): Promise<ArrayBuffer> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(packed).arrayBuffer();
}
