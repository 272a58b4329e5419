import type { Random } from "../world/index.ts";
import type { Play } from "./play.ts";

/** One thing that may happen in a history; it does nothing when there is nothing to do it with. */
export interface Action {
  /** How often, in proportion to the others. */
  readonly weight: number;
  /** Whether it may happen at the same moment as others. */
  readonly together: boolean;
  readonly happen: (play: Play, random: Random) => Promise<unknown>;
}
