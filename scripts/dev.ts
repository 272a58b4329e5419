// `npm run dev`: the whole shop on this machine, with stand-ins for Stripe and Resend.
// PORT moves it, HOLDFAST_STATE names the folder of its data, --fresh starts over, --no-cron leaves the clock to you.
import { describeExit, endChildren, killChildren } from "./dev/child.ts";
import { readCrons, scheduledUrl, startTicker } from "./dev/cron.ts";
import { prepareDatabase } from "./dev/database.ts";
import { startEmulators } from "./dev/emulators.ts";
import { watchForEnd } from "./dev/end.ts";
import { faint, showOutput } from "./dev/log.ts";
import { startMailExamples } from "./dev/mail-examples/server.ts";
import { type DevOptions, readOptions, refuseTakenPorts } from "./dev/options.ts";
import { Refusal } from "./dev/refusal.ts";
import * as folder from "./dev/state.ts";
import { workerVariables } from "./dev/variables.ts";
import { healthy, listening, startWorker } from "./dev/worker.ts";
import { DEMO_PASSWORD, DEMO_USERS } from "./seed/demo-users.ts";

const end = watchForEnd();
try {
  await run(readOptions(process.argv.slice(2), process.env));
} catch (error) {
  await end.because(error);
}

async function run(options: DevOptions): Promise<void> {
  const startedAt = performance.now();
  const { ports } = options;
  const crons = readCrons("wrangler.toml");
  await refuseTakenPorts(ports);
  const state = folder.openStateFolder(options.stateFolder, options.fresh);
  end.cleanUp(() => folder.closeStateFolder(state));
  end.cleanUp(endChildren);
  process.once("exit", killChildren);

  const secrets = await folder.loadSecrets(state);
  const url = `http://localhost:${ports.worker}`;
  const workerUrl = `http://127.0.0.1:${ports.worker}`;
  const variables = workerVariables(state, secrets, addressesOf(ports), process.env);
  const worker = startWorker(ports.worker, state, variables);
  const onUnusable = (problem: string) => void end.because(new Refusal(problem));
  showOutput(worker.stdout, onUnusable);
  showOutput(worker.stderr, onUnusable);
  worker.once("exit", (code, signal) =>
    end.because(`The Worker's process (wrangler dev) ${describeExit(code, signal)}.`),
  );

  const [database, emulators, mailExamples] = await Promise.all([
    prepareDatabase(state, secrets.adminApiKey, variables.env),
    startEmulators(ports, state, secrets),
    startMailExamples(ports.mailExamples),
    listening(worker),
  ]);
  end.cleanUp(emulators.close);
  end.cleanUp(mailExamples.close);
  console.log(faint(database));
  await healthy(workerUrl);
  if (options.cron) {
    end.cleanUp(startTicker(workerUrl, crons, (problem) => console.error(problem)));
    await fetch(scheduledUrl(workerUrl, "* * * * *")); // so that what is there can be searched at once
  }
  folder.announceReady(state, readyFile(ports, secrets));
  printAddresses(ports, secrets, performance.now() - startedAt);
  if (!options.cron)
    console.log(`  ${faint(`cron stands still: curl "${scheduledUrl(url, "* * * * *")}"`)}\n`);
  console.log(`ready ${url}`);
}

function addressesOf(ports: DevOptions["ports"]) {
  return {
    publicUrl: `http://localhost:${ports.worker}`,
    stripeApiUrl: `http://127.0.0.1:${ports.stripe}`,
    resendApiUrl: `http://127.0.0.1:${ports.mail}`,
  };
}

function readyFile(ports: DevOptions["ports"], secrets: folder.Secrets): folder.ReadyFile {
  return {
    url: `http://localhost:${ports.worker}`,
    adminApiKey: secrets.adminApiKey,
    users: DEMO_USERS.map(({ email, role }) => ({ email, password: DEMO_PASSWORD, role })),
    stripeUrl: `http://localhost:${ports.stripe}`,
    stripeWebhookSecret: secrets.stripeWebhookSecret,
    mailUrl: `http://localhost:${ports.mail}`,
    mailExamplesUrl: `http://localhost:${ports.mailExamples}`,
  };
}

function printAddresses(ports: DevOptions["ports"], secrets: folder.Secrets, tookMs: number): void {
  const { url, stripeUrl, mailUrl, mailExamplesUrl, users } = readyFile(ports, secrets);
  const lines = [
    ["Storefront", url],
    ["API docs", `${url}/docs`],
    ["Stripe emulator", stripeUrl],
    ["Mail inbox", `${mailUrl}/inbox`],
    ["All mails", mailExamplesUrl],
    ["API key", secrets.adminApiKey],
    ["Sign in as", users.map(({ email }) => email).join(", ")],
    ["Password", DEMO_PASSWORD],
  ];
  console.log(
    `\n  Holdfast runs ${faint(`(after ${(tookMs / 1000).toFixed(1)} s; Ctrl-C ends it)`)}\n`,
  );
  for (const [name = "", value] of lines) console.log(`  ${faint(name.padEnd(16))} ${value}`);
  console.log("");
}
