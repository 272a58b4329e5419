import { env } from "cloudflare:workers";
import { runOnD1 } from "../simulation/world/database.ts";
import { puttingBack, readMoment } from "../simulation/world/moment.ts";
import { settle } from "./world.ts";

const run = runOnD1(env.DB);

/**
 * Takes the database as it is, and answers how to put it back to this moment, as D1's Time Travel does: every row of
 * then, and none of what came after, whatever the triggers say.
 */
export async function takeMoment(): Promise<() => Promise<void>> {
  await settle();
  const moment = await readMoment(run);
  return async () => {
    await run(await puttingBack(run, moment));
  };
}
