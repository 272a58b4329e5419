/** Somebody of whom the shop knows, as they were read: a change that makes another person of them is refused. */
export interface Person {
  /** What their row in `customers` is called. */
  readonly customerId: string;
  readonly email: string;
  readonly userId: string | null;
  readonly accountId: string | null;
  readonly name: string | null;
  readonly passwordHash: string | null;
  readonly verifiedAt: number | null;
  /** Whether others are in their account: then what it has bought is theirs. */
  readonly colleagues: 0 | 1;
  /** Milliseconds. */
  readonly knownSince: number;
}

/**
 * A person, with how far the shop may take what was bought with their address, without an account, for theirs: always for
 * its admins, and for themselves only once they have proved to be at it.
 */
export interface Subject extends Person {
  readonly asGuest: boolean;
}

export function byThemselves(person: Person): Subject {
  return { ...person, asGuest: person.verifiedAt !== null };
}

export function byTheShop(person: Person): Subject {
  return { ...person, asGuest: true };
}
