import { makeOperator, makeUser, type SignedIn, tokenOf, type World } from "../world/index.ts";

/** Somebody who calls the shop. */
export interface Caller {
  readonly name: string;
  readonly address: string;
  readonly email: string;
  readonly account: SignedIn | undefined;
  readonly apiKey: string | undefined;
}

const guest = (name: string, address: string): Caller => ({
  name,
  address,
  email: `${name}@example.com`,
  account: undefined,
  apiKey: undefined,
});

export interface People {
  readonly shoppers: readonly Caller[];
  readonly operator: Caller;
}

/** Two guests, two accounts, and a program of the shop that may do everything. */
export async function makePeople(world: World): Promise<People> {
  const ada = guest("ada", "192.0.2.1");
  const bob = guest("bob", "192.0.2.2");
  const eve = { ...guest("eve", "192.0.2.3"), account: await makeUser(world, "eve") };
  const joe = { ...guest("joe", "192.0.2.4"), account: await makeUser(world, "joe") };
  const { secret } = await makeOperator(world);
  const operator = { ...guest("operator", "192.0.2.9"), apiKey: secret };
  return { shoppers: [ada, bob, eve, joe], operator };
}

/** Who they are, as the shop is told. */
export async function credentialsOf(
  world: World,
  { address, account, apiKey }: Caller,
): Promise<Record<string, string>> {
  const token = account === undefined ? apiKey : await tokenOf(world, account);
  return {
    "CF-Connecting-IP": address,
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  };
}

/** Gets everybody a token that is good for the next while, so that nobody asks for one in the middle of something. */
export async function refreshTokens(world: World, { shoppers }: People): Promise<void> {
  for (const { account } of shoppers) if (account !== undefined) await tokenOf(world, account);
}
