import { cronAsk, crons, listPaths } from "../growth/lists.ts";
import type { Side } from "../measure/side.ts";
import { asStaff } from "../routes/goods.ts";
import { lookAt } from "../shop/look.ts";
import { copySample } from "../shop/sample-shop.ts";
import type { OneStatement } from "../worker/program.ts";
import type { Visit } from "../worker/recorded.ts";

/** The audit adds everything up, once an hour: it reads all rows by purpose, and at a million it takes minutes. */
const AUDIT = "7 * * * *";

/** Asks a copy of the shop for everything once; answers the different statements that this took. */
export async function askEverything(side: Side): Promise<OneStatement[]> {
  const look = await lookAt({ ...side, sample: copySample(side.sample) });
  try {
    await look.done();
    for (const path of listPaths())
      await look.read(asStaff(side.sample.apiKey, "GET", `/api/v1${path}`));
    for (const cron of crons(side.root).filter((one) => one !== AUDIT))
      await look.read(cronAsk(cron));
    const visits = [await look.done(), ...[...side.visits.values()].flat()];
    return [...new Map(visits.flatMap(statementsOf).map((one) => [one.sql, one])).values()];
  } finally {
    await look.stop();
  }
}

const statementsOf = ({ trips }: Visit): OneStatement[] =>
  trips.flatMap(({ database, statements }) =>
    statements.map(({ sql, params }) => ({ database, sql, params })),
  );
