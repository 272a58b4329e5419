import type { Databases, OutsideCall } from "../world/index.ts";
import { findProblems } from "./checks.ts";
import type { Outcome, PlannedFault } from "./matrix.ts";
import type { Scenario } from "./scenario.ts";
import { CrashShop } from "./shop.ts";

/** Runs a scenario in a fresh world with these faults, heals, and says what is wrong. */
export async function runScenario(
  databases: Databases,
  scenario: Scenario,
  planned: readonly PlannedFault[],
): Promise<Outcome> {
  const shop = await CrashShop.open(databases, scenario.name);
  try {
    const staged = await scenario.stage(shop);
    const calls: OutsideCall[] = [];
    let faults = 0;
    let seen = 0;
    shop.world.inject = (call) => {
      calls.push(call);
      const fault = planned.find(({ at }) => at === seen)?.fault;
      seen += 1;
      faults += fault === undefined ? 0 : 1;
      return fault;
    };
    await staged.attempt();
    const attempted = calls.length;
    const said = (await staged.retry?.()) ?? [];
    await shop.heal();
    const expected = (await staged.expect?.()) ?? [];
    const problems = [...said, ...expected, ...(await findProblems(shop))];
    return { problems, calls: calls.slice(0, attempted), faults };
  } finally {
    await shop.world.close();
  }
}
