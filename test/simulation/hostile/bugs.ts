import type { Plant } from "../run/planted-source.ts";
import type { CallerKind } from "./intruder.ts";

/** A mistake that somebody could make in src/ or in the guards of the database, and what a walk says of it. */
export interface HostileBug {
  readonly name: string;
  readonly plants: readonly Plant[];
  /** Who finds it. */
  readonly caller: CallerKind;
  /** How the breach begins. */
  readonly breach: RegExp;
}

export const HOSTILE_BUGS: readonly HostileBug[] = [
  {
    name: "movements that show the ids of guests' holds",
    caller: "inventory:read",
    breach: /^shown: (right|spent hold) rsv_/,
    plants: [
      {
        file: "src/inventory/store.ts",
        from: "SELECT ref FROM reservations WHERE id =",
        to: "SELECT id FROM reservations WHERE id =",
      },
    ],
  },
  {
    name: "log lines that say which hold a request was about",
    caller: "guest",
    breach: /^logged: rsv_/,
    plants: [
      { file: "src/platform/log.ts", from: "\\brsv(?:_|%5[fF])[\\w%-]+", to: "\\bnever_[\\w%-]+" },
    ],
  },
  {
    name: "a hold whose id alone opens the order that somebody else has made of it",
    caller: "guest",
    breach: /^(shown: (order|right)|changed: (order|hold))/,
    plants: [
      {
        file: "src/orders/open-hold.ts",
        from: "if (row.accountId !== null || order === undefined) return true;",
        to: "if (order !== null) return true;",
      },
    ],
  },
  {
    name: "a key that makes its own customer an admin",
    caller: "identity:write",
    breach: /^granted: usr_/,
    plants: [
      {
        file: "src/identity/store.ts",
        from: "return takesAway ? may :",
        to: "return id !== by ? may :",
      },
    ],
  },
  {
    name: "a key that makes a key which may do more",
    caller: "identity:write",
    breach: /^granted: key_/,
    plants: [
      {
        file: "migrations/0001_guards.sql",
        from: "SELECT RAISE(ABORT, 'key_exceeds_maker') FROM (SELECT value FROM json_each(NEW.scopes) UNION SELECT 'identity:write')\n  WHERE value NOT IN (SELECT scope FROM held_scopes WHERE holder_id = NEW.created_by);",
        to: "SELECT 1;",
      },
    ],
  },
  {
    name: "a key that outlives the admin who made it",
    caller: "identity:write",
    breach: /^outlives its owner: key/,
    plants: [
      {
        file: "migrations/0001_guards.sql",
        from: "WHERE owner_id = NEW.id AND revoked_at IS NULL AND EXISTS (",
        to: "WHERE owner_id = NEW.id AND revoked_at IS NULL AND 0 AND EXISTS (",
      },
    ],
  },
  {
    name: "an address that whoever opens the mail verifies for whoever has registered it",
    caller: "guest",
    breach: /^verified: /,
    plants: [
      {
        file: "src/platform/access.ts",
        from: '"POST /auth/email/verify": user,',
        to: '"POST /auth/email/verify": anyone,',
      },
      {
        file: "src/identity/links/verify-email.ts",
        from: "const { id: userId } = signedIn(ctx);\n  const id =",
        to: "const id =",
      },
      {
        file: "src/identity/links/verify-email.ts",
        from: 'useEmailToken({ id, purpose: "verify", userId, now }),',
        to: 'useEmailToken({ id, purpose: "verify", now }),',
      },
    ],
  },
  {
    name: "a stranger's name in a mail to an address that nobody has proved",
    caller: "guest",
    breach: /^mailed: the walker's words/,
    plants: [
      {
        file: "src/identity/links/mail-data.ts",
        from: "return verifiedAt === null ? null : name;",
        to: "return verifiedAt === null ? name : name;",
      },
    ],
  },
  {
    name: "a name of several lines",
    caller: "customer",
    breach: /^kept: several lines/,
    plants: [
      {
        file: "src/platform/text.ts",
        from: "const LINE = /^[^\\p{Cc}",
        to: "const LINE = /^[^",
      },
    ],
  },
  {
    name: "an order that is anybody's who is signed in",
    caller: "customer",
    breach: /^(shown: order|changed: order)/,
    plants: [
      {
        file: "src/orders/order-token.ts",
        from: "return (row) => row.accountId === user.accountId;",
        to: "return (row) => row.accountId !== user.id;",
      },
    ],
  },
];
