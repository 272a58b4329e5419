import { Random } from "../world/index.ts";
import type { Action } from "./action.ts";
import { machines } from "./machines.ts";
import { operators } from "./operators.ts";
import { payers } from "./payers.ts";
import { restores } from "./restores.ts";
import { shoppers } from "./shoppers.ts";

const alone = { ...shoppers, ...payers, ...operators, ...machines, ...restores };
const MOST_AT_ONCE = 4;

const together: readonly [string, Action][] = Object.entries(alone).filter(
  ([, action]) => action.together,
);

/** Several of them at the same moment: their calls to the outside interleave as the seed says. */
const atOnce: Action = {
  weight: 10,
  together: false,
  happen: async (play, random) => {
    const weights = Object.fromEntries(together.map(([name, { weight }]) => [name, weight]));
    const names = Array.from({ length: random.between(2, MOST_AT_ONCE) }, () =>
      random.weighted<string>(weights),
    );
    const actions = new Map(together);
    await Promise.all(
      names.map((name) => actions.get(name)?.happen(play, new Random(random.uint32()))),
    );
  },
};

/** Everything that may happen. */
export const ACTIONS: Readonly<Record<string, Action>> = { ...alone, at_once: atOnce };
