import { groupsOf, learnProgram } from "../floor/learn-program.ts";
import type { Target } from "../load/load.ts";
import type { HotRoute } from "../routes/hot-routes.ts";
import { CHECK_PATH, LEARN_PATH } from "../worker/program.ts";
import type { RecordedStatement, Visit } from "../worker/recorded.ts";

const TRIES = 50;

interface Checked {
  readonly rowsWritten: number;
  readonly refusals: readonly string[];
}

/** What one request of a route costs the database. */
export interface DatabaseCost {
  /** One after the other; what is asked at the same time counts once. */
  readonly roundTrips: number;
  readonly statements: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

export function costOf(visit: Visit): DatabaseCost {
  const statements = visit.trips.flatMap((trip) => trip.statements);
  const sum = (of: (one: RecordedStatement) => number) =>
    statements.reduce((total, one) => total + of(one), 0);
  return {
    roundTrips: groupsOf(visit.trips).length,
    statements: statements.length,
    rowsRead: sum((one) => one.rowsRead),
    rowsWritten: sum((one) => one.rowsWritten),
  };
}

/**
 * Has the floor do what the shop was seen to do for the route, and lets it do that as a test. Throws where the floor
 * writes other rows than the shop did, or is refused what the shop was not: not the first time, because whoever holds
 * something also ends holds whose time has run out since the shop was filled.
 */
export async function teachFloor(
  floor: Target,
  route: HotRoute,
  [first, second]: readonly [Visit, Visit],
): Promise<void> {
  const program = learnProgram(first, second, route.status);
  const post = (path: string, body: string) =>
    floor.ask({ method: "POST", path: `${path}/${route.key}`, body });
  await post(LEARN_PATH, JSON.stringify(program));
  const cost = costOf(second);
  let last = "";
  for (let tries = 0; tries < TRIES; tries += 1) {
    last = (await post(CHECK_PATH, "{}")).body;
    const { rowsWritten, refusals } = JSON.parse(last) as Checked; // what the floor answers
    if (refusals.length === 0 && rowsWritten === cost.rowsWritten) return;
  }
  throw new Error(
    `The floor does not do what the shop does for ${route.name}: ${last}, not ${cost.rowsWritten} rows`,
  );
}
