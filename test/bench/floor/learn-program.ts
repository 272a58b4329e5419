import type { Param, Program, ProgramTrip } from "../worker/program.ts";
import type { RecordedTrip, Visit } from "../worker/recorded.ts";

/** Moments this near to the visit are moments of the visit. */
const NEAR_MS = 400 * 86_400_000;
/** Shorter texts stand in others by chance. */
const SHORTEST_VALUE = 8;
/** What an id, a hash or a key keeps: `rsv_` of `rsv_01H…`. */
const PREFIX = /^[a-z]+_/i;

/**
 * What a route makes the shop ask of the database, so that it can be asked again and again: of two visits, what is the
 * same is the same always, what is a moment is one again, and every other value is new each time.
 */
export function learnProgram(first: Visit, second: Visit, status: number): Program {
  const values = freshValues(first, second);
  const at = first.at ?? 0;
  const paramOf = (value: unknown, other: unknown): Param => {
    if (sameValue(value, other)) return { is: "same", value };
    if (typeof value === "number")
      return Math.abs(value - at) < NEAR_MS
        ? { is: "time", offsetMs: value - at }
        : { is: "same", value };
    if (typeof value !== "string") return { is: "same", value };
    const n = values.indexOf(value);
    return n === -1 ? textOf(value, values) : { is: "fresh", n };
  };
  const tripOf = (trip: RecordedTrip, other: RecordedTrip): ProgramTrip => ({
    ...{ database: trip.database, how: trip.how },
    statements: trip.statements.map(({ sql, params }, i) => ({
      sql,
      params: params.map((value, j) => paramOf(value, other.statements[i]?.params[j])),
    })),
  });
  const trips = pairs(first, second).map(([trip, other]) => ({ trip, made: tripOf(trip, other) }));
  const groups = groupsOf(first.trips).map((group) =>
    trips.filter(({ trip }) => group.includes(trip)).map(({ made }) => made),
  );
  return {
    ...{ groups, status },
    fresh: values.map((value) => ({ prefix: PREFIX.exec(value)?.[0] ?? "", length: value.length })),
    queued: first.queued,
    fetched: first.fetched.map((one) => ({ ...one, after: 1 })),
  };
}

/** Each trip with the same one of the other visit. Throws where they are not the same. */
function pairs(first: Visit, second: Visit): (readonly [RecordedTrip, RecordedTrip])[] {
  const texts = ({ trips }: Visit) =>
    trips.map(({ statements }) => statements.map(({ sql }) => sql));
  if (JSON.stringify(texts(first)) !== JSON.stringify(texts(second)))
    throw new Error("Two visits of one route ask different things of the database.");
  return first.trips.flatMap((trip, i) => {
    const other = second.trips[i];
    return other === undefined ? [] : [[trip, other] as const];
  });
}

/** The trips that are one after the other; those of one group are at the same time. */
export function groupsOf(trips: readonly RecordedTrip[]): RecordedTrip[][] {
  const groups: RecordedTrip[][] = [];
  let until = -1;
  for (const trip of [...trips].sort((a, b) => a.began - b.began)) {
    if (trip.began > until) groups.push([]);
    groups.at(-1)?.push(trip);
    until = Math.max(until, trip.ended);
  }
  return groups;
}

/** The texts by which the visits differ, and that stand for themselves: JSON is made of others. */
function freshValues(first: Visit, second: Visit): string[] {
  const differing = pairs(first, second).flatMap(([trip, other]) =>
    trip.statements.flatMap(({ params }, i) =>
      params.filter((value, j) => !sameValue(value, other.statements[i]?.params[j])),
    ),
  );
  const texts = differing.filter(
    (value): value is string => typeof value === "string" && !/^\s*[[{]/.test(value),
  );
  return [...new Set(texts)].filter(({ length }) => length >= SHORTEST_VALUE);
}

function textOf(value: string, values: readonly string[]): Param {
  let pieces: (string | number)[] = [value];
  for (const [n, one] of values.entries())
    pieces = pieces.flatMap((piece) => (typeof piece === "number" ? [piece] : cut(piece, one, n)));
  return pieces.length === 1 ? { is: "same", value } : { is: "text", pieces };
}

function cut(piece: string, value: string, n: number): (string | number)[] {
  return piece
    .split(value)
    .flatMap((part, i) => (i === 0 ? [part] : [n, part]))
    .filter((part) => part !== "");
}

const sameValue = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
