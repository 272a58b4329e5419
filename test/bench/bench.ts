/**
 * The bench: what the hot routes cost beyond the statements that they send, on this machine and in one run. It is no
 * timed test: it says what is, and judges nothing.
 *
 *   npm run bench                               all of it
 *   npm run bench -- --only 'reserve' --rounds 3   in a minute
 *   npm run bench -- --against ../before        another checkout beside this one
 */
import { pathToFileURL } from "node:url";
import { measureRoutes } from "./measure/measure-routes.ts";
import { type Side, startFloor, startSide } from "./measure/side.ts";
import { type Options, readOptions } from "./options.ts";
import { keepReport, newReport, type Report } from "./report/keep.ts";
import { routesTable } from "./report/table.ts";
import { startStripe } from "./shop/stripe.ts";

type Say = (line: string) => void;

/** Measures what was asked for. */
export async function bench(options: Options, say: Say): Promise<Report> {
  const stripe = await startStripe();
  const sides: Side[] = [];
  try {
    const start = async (root: string) => {
      const side = await startSide({ ...options, root, stripeUrl: stripe.url, say });
      sides.push(side);
      return side;
    };
    const shop = await start(options.root);
    const against = options.against === undefined ? undefined : await start(options.against);
    const floor = await startFloor(shop, options.connections);
    try {
      const routes = await measureRoutes({ shop, against, floor }, { ...options, say });
      const { rounds, seconds, connections } = options;
      return newReport({ rounds, seconds, connections, against: options.against }, { routes });
    } finally {
      floor.close();
      await floor.runtime.stop();
    }
  } finally {
    await Promise.all(sides.map((one) => one.stop()));
    stripe.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const options = readOptions(process.argv.slice(2));
  const report = await bench(options, (line) => console.error(line));
  console.log(`\n${routesTable(report.routes)}\n`);
  console.log(keepReport(options.root, report));
}
