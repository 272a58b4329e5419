import { expect, it } from "vitest";
import { newAddress, registerFrom, repeat, signIn } from "./limits.ts";
import type { Rig } from "./rig.ts";

const ATTEMPTS = 200;
const GUESS = { password: "a wrong guess at it" };

let accounts = 0;

/** What every limiter must do about somebody who guesses passwords. `makeShop` makes an isolate of its own. */
export function itStopsGuessing(makeShop: () => Rig): void {
  async function account(shop: Rig) {
    accounts += 1;
    const email = `owner-${accounts}-${Date.now()}@example.com`;
    const home = newAddress();
    await registerFrom(shop, email, home);
    return { email, home };
  }

  it("stops 200 guesses from one address after ten, and lets the owner in from theirs", async () => {
    const shop = makeShop();
    const { email, home } = await account(shop);
    const address = newAddress();
    const statuses = await repeat(ATTEMPTS, () => signIn(shop, email, { address, ...GUESS }));
    expect(statuses).toEqual({ 401: 10, 429: ATTEMPTS - 10 });
    expect((await signIn(shop, email, { address: home })).status).toBe(200);
  });

  it("stops guesses from the addresses of one network after ten", async () => {
    const shop = makeShop();
    const { email, home } = await account(shop);
    const statuses = await repeat(40, (i) =>
      signIn(shop, email, { address: `172.16.7.${i}`, ...GUESS }),
    );
    expect(statuses).toEqual({ 401: 10, 429: 30 });
    expect((await signIn(shop, email, { address: home })).status).toBe(200);
  });

  it("stops 200 guesses spread over 200 networks after a hundred, and lets the owner in", async () => {
    const shop = makeShop();
    const { email, home } = await account(shop);
    const statuses = await repeat(ATTEMPTS, () =>
      signIn(shop, email, { address: newAddress(), ...GUESS }),
    );
    expect(statuses).toEqual({ 401: 100, 429: ATTEMPTS - 100 });
    expect((await signIn(shop, email, { address: newAddress() })).status).toBe(429);
    expect((await signIn(shop, email, { address: home })).status).toBe(200);
    const neighbour = home.replace(/\.\d+$/, ".77"); // their provider gave them another one
    expect((await signIn(shop, email, { address: neighbour })).status).toBe(200);
  });

  it("tells nobody by this which accounts exist", async () => {
    const shop = makeShop();
    const address = newAddress();
    const email = `nobody-${Date.now()}@example.com`;
    const statuses = await repeat(12, () => signIn(shop, email, { address, ...GUESS }));
    expect(statuses).toEqual({ 401: 10, 429: 2 });
  });

  it("stops many accounts from being tried by one address", async () => {
    const shop = makeShop();
    const address = newAddress();
    const statuses = await repeat(15, (i) =>
      signIn(shop, `somebody-${i}@example.com`, { address, ...GUESS }),
    );
    expect(statuses).toEqual({ 401: 10, 429: 5 });
  });
}
