/**
 * The bench: what the hot routes cost beyond the statements that they send, and what a purchase costs and leaves, on
 * this machine and in one run. It is no timed test: it says what is, and judges nothing.
 *
 *   npm run bench -- --help                          the options
 *   npm run bench                                    all of it
 *   npm run bench -- --only reserve --rounds 3       some routes, in half a minute
 *   npm run bench -- --against ../before             another checkout beside this one, in the same rounds
 *   npm run bench -- --rows 1000000                  in a shop of a million orders
 *   npm run bench -- --buyers 10000                  a larger drop
 *   npm run bench -- --profile                       also where a request's time goes
 *   npm run bench -- --without orders_by_email       only what this index is for
 *   npm run bench -- --growth --rows 1000000         only what each list reads there, and in a shop of a thousand
 */
import { pathToFileURL } from "node:url";
import { runCommand } from "../../scripts/operate/command.ts";
import { measureAll, type Say } from "./measure/measure-all.ts";
import { prepareSide } from "./measure/side.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { keepReport, newReport, type Report } from "./report/keep.ts";
import { reportText } from "./report/report-text.ts";
import { startStripe } from "./shop/stripe.ts";

/** Measures what was asked for. */
export async function bench(options: Options, say: Say): Promise<Report> {
  const stripe = await startStripe();
  try {
    const prepare = (root: string) => prepareSide({ ...options, root, stripeUrl: stripe.url, say });
    const shop = await prepare(options.root);
    const against = options.against === undefined ? undefined : await prepare(options.against);
    return newReport(options, await measureAll({ shop, against }, options, say));
  } finally {
    stripe.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await runCommand(async () => {
    const options = readOptions(process.argv.slice(2));
    if (options === "help") return console.log(USAGE);
    const report = await bench(options, (line) => console.error(line));
    console.log(`\n${reportText(report)}\n`);
    const { json, svg } = keepReport(options.root, report);
    console.log(`${svg}\n${json}`);
  });
}
