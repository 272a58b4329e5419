import { DAY_MORE } from "../simulation/world/retention-clock.ts";
import { rows } from "./world.ts";

/** The purge's clock as if it had run on each of the days until now. */
export async function purgedDaily(): Promise<void> {
  while ((await rows(DAY_MORE, Date.now())).length > 0);
}
