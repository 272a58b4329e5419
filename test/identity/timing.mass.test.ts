import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hashPassword } from "../../src/identity/passwords/password.ts";
import { type Answer, call } from "../support/http.ts";
import { PASSWORD, registerPerson } from "../support/people.ts";
import { logOf, recordingDatabase, shopOver } from "../support/rig.ts";
import { roundsOf } from "../support/sample.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const ROUNDS = roundsOf(10, 40);
const WARM_UP_ROUNDS = 3;
const MAX_TRIES = roundsOf(24, 6);
const MAX_DIFFERENCE = 0.15;

function signIn(email: string, password: string): Promise<Answer> {
  return call("POST", "/api/v1/auth/login", { body: { email, password } });
}

/** What nine of ten take longer than: a busy machine only adds to a time, so the shorter ones say most. */
function lowerDecile(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 10)] ?? Number.NaN;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

type Attempts = Readonly<Record<string, () => Promise<unknown>>>;

type Times = ReadonlyMap<string, number[]>;

/** Adds the times of each in milliseconds, tried in turns and in changing order, so that a busy machine hits all alike. */
async function timeAll(attempts: Attempts, times: Times, rounds = ROUNDS): Promise<void> {
  const entries = Object.entries(attempts);
  for (let round = 0; round < rounds; round += 1) {
    const first = round % entries.length;
    for (const [name, attempt] of [...entries.slice(first), ...entries.slice(0, first)])
      times.get(name)?.push(await timeOf(attempt));
  }
}

const noTimes = (attempts: Attempts): Times =>
  new Map(Object.keys(attempts).map((name) => [name, []]));

/** Measures until these are close, 240 rounds at most, each on top of the last: chance passes with numbers, a leak does not. */
async function measure(attempts: Attempts) {
  const times = noTimes(attempts);
  let ratio = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < MAX_TRIES && ratio >= 1 + MAX_DIFFERENCE; tries += 1) {
    await timeAll(attempts, times);
    const shorter = [...times.values()].map(lowerDecile);
    ratio = Math.max(...shorter) / Math.min(...shorter);
  }
  return { times, ratio };
}

async function statementsOf(email: string, password: string): Promise<string[]> {
  const { database, statements } = recordingDatabase();
  await shopOver(database).call("POST", "/api/v1/auth/login", { body: { email, password } });
  return statements.map(({ sql }) => sql);
}

const WRONG = "wrong horse battery staple";

/** Everybody who cannot sign in. */
async function outsiders(): Promise<Record<string, readonly [string, string]>> {
  const [known, disabled, invited] = [
    await registerPerson(),
    await registerPerson(),
    await registerPerson(),
  ];
  await env.DB.prepare("UPDATE users SET disabled_at = 1 WHERE id = ?").bind(disabled.id).run();
  await env.DB.prepare("UPDATE users SET password_hash = NULL WHERE id = ?").bind(invited.id).run();
  return {
    "wrong password": [known.email, WRONG],
    "unknown account": ["nobody@example.com", WRONG],
    "disabled, right password": [disabled.email, PASSWORD],
    "disabled, wrong password": [disabled.email, WRONG],
    "without a password": [invited.email, WRONG],
  };
}

describe("A sign-in that fails", () => {
  it("says the same for nobody as for somebody, disabled or not", async () => {
    const said = new Set<string>();
    for (const [email, password] of Object.values(await outsiders())) {
      const { status, text, body, headers } = await signIn(email, password);
      const words = text.replace(body.error.requestId, "");
      said.add(`${status} ${headers.get("WWW-Authenticate")} ${words}`);
    }
    expect([...said]).toHaveLength(1);
  });

  it("asks the database the same for all of them", async () => {
    const asked = await Promise.all(
      Object.values(await outsiders()).map(([email, password]) => statementsOf(email, password)),
    );
    for (const statements of asked) expect(statements).toEqual(asked[0]);
  });

  it("takes as long for all of them", { timeout: 600_000 }, async () => {
    const attempts = Object.fromEntries(
      Object.entries(await outsiders()).map(([name, who]) => [name, () => signIn(...who)]),
    );
    let measured: { times: Times; ratio: number } = { times: new Map(), ratio: Number.NaN };
    await logOf(async () => {
      await timeAll(attempts, noTimes(attempts), WARM_UP_ROUNDS);
      measured = await measure(attempts);
    });
    const alone = { "one hash": () => hashPassword(PASSWORD) };
    const hash = noTimes(alone);
    await timeAll(alone, hash);
    const table = [...measured.times, ...hash].map(
      ([name, times]) => `${name} ${lowerDecile(times).toFixed(1)} ms of ${times.length}`,
    );
    console.info(`lower deciles of sign-ins: ${table.join(", ")}`);
    expect(measured.ratio).toBeLessThan(1 + MAX_DIFFERENCE);
  });
});
