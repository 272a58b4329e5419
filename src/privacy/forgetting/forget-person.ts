import {
  checkPassword,
  countAttemptAt,
  type IdentityContext,
  promiseForgotten,
  signedIn,
  stillHolds,
} from "../../identity/index.ts";
import { audit } from "../../platform/audit-log/store.ts";
import { byRefusal, refusedBy } from "../../platform/db.ts";
import { AppError, invalidField, notFound } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { wakePromises } from "../../platform/outbox/store.ts";
import { byThemselves, byTheShop, type Person, type Subject } from "../person.ts";
import { findPerson, findPersonOfUser, whatIsUnderWay } from "../store.ts";
import { forgetEverything } from "./forget-everything.ts";
import { ANOTHER_BY_NOW, beginForgetting, tellIndex } from "./store.ts";

/** Of those who have bought more, the sweep wakes the rest. */
const WOKEN_AT_ONCE = 50;
/** Somebody who changes faster than they are read is left alone. */
const MAX_TRIES = 3;

/**
 * Forgets whoever asks, with the password that they have. Throws `VALIDATION_FAILED` for another one,
 * `INVALID_TRANSITION` while something of theirs is under way, `BUSINESS_RULE_VIOLATION` for the last admin.
 */
export async function forgetMe(
  ctx: IdentityContext,
  input: { readonly currentPassword?: string | undefined },
): Promise<void> {
  const { id } = signedIn(ctx);
  const read = async () => (await ctx.db.run(findPersonOfUser(id)))[0];
  const person = await read();
  if (person === undefined) throw notFound("user");
  await requirePassword(ctx, person, input.currentPassword);
  // Whoever goes leaves no trace of where they went from.
  const unseen = { ...ctx, actor: { ...ctx.actor, address: "" } };
  await forget(unseen, { person, read, as: byThemselves, may: undefined });
}

async function requirePassword(
  ctx: IdentityContext,
  { email, passwordHash }: Person,
  password: string | undefined,
): Promise<void> {
  if (passwordHash === null) return;
  if (password === undefined)
    throw invalidField("currentPassword", "Is needed to delete yourself.");
  await countAttemptAt(ctx, email);
  const { right } = await checkPassword(password, passwordHash);
  if (!right) throw invalidField("currentPassword", "Is not your current password.");
}

/**
 * Forgets a customer. Nobody forgets themselves like this, where no password is asked for. Throws `NOT_FOUND`,
 * `INVALID_TRANSITION` while something of theirs is under way, `BUSINESS_RULE_VIOLATION`.
 */
export async function forgetCustomer(
  ctx: IdentityContext,
  { id }: { readonly id: string },
): Promise<void> {
  const read = async () => (await ctx.db.run(findPerson(id)))[0];
  const person = await read();
  if (person === undefined) throw notFound("customer");
  const { actor } = ctx;
  if (person.userId !== null && [actor.user?.id, actor.ownerId].includes(person.userId))
    throw new AppError(
      "BUSINESS_RULE_VIOLATION",
      "Delete yourself with DELETE /me, and your password.",
    );
  await forget(ctx, { person, read, as: byTheShop, may: actor.label });
}

interface Forgetting {
  readonly person: Person;
  /** Who they are by now. */
  readonly read: () => Promise<Person | undefined>;
  readonly as: (person: Person) => Subject;
  /** Who has to be allowed to still, at the moment of it. */
  readonly may: string | undefined;
}

async function forget(ctx: IdentityContext, { person, read, as, may }: Forgetting): Promise<void> {
  let found: Person | undefined = person;
  for (let tries = 1; found !== undefined; tries += 1) {
    const subject = as(found);
    try {
      await write(ctx, subject, may);
      ctx.log.set({ forgotten: subject.customerId });
      ctx.endedSessions.expire();
      ctx.apiKeys.clear();
      return;
    } catch (error) {
      const why = byRefusal(error, REFUSALS);
      if (why !== undefined) throw await why(ctx, subject, error);
      if (!refusedBy(error, ANOTHER_BY_NOW)) throw error;
      if (tries >= MAX_TRIES)
        throw new AppError(
          "FORBIDDEN",
          "You may not do this any more, or they have changed just now.",
        );
      found = await read();
    }
  }
  throw notFound("customer");
}

/** All of it or nothing, judged by what there is at that moment. */
async function write(
  ctx: IdentityContext,
  subject: Subject,
  may: string | undefined,
): Promise<void> {
  const now = ctx.now();
  const by = { actor: ctx.actor.label, requestId: ctx.requestId };
  const leaving = { ...subject, ...by, id: newId("fgt", now), now };
  const [customer, orders] = await ctx.db.batch([
    promiseForgotten(ctx, leaving.customerId), // while it is known where the index has them,
    tellIndex(ctx, leaving), // and whose orders they are
    beginForgetting(leaving, may === undefined ? undefined : stillHolds(may, "identity:write")),
    ...forgetEverything(leaving),
    audit(ctx, "customer.deleted", subject.customerId),
  ]);
  const woken = [...customer, ...orders].slice(0, WOKEN_AT_ONCE).map(({ id }) => id);
  wakePromises(ctx, woken);
}

type Explain = (ctx: IdentityContext, subject: Subject, cause: unknown) => Promise<AppError>;

const REFUSALS: Readonly<Record<"order_under_way" | "holds_under_way" | "last_admin", Explain>> = {
  order_under_way: underWay,
  holds_under_way: underWay,
  last_admin: async () =>
    new AppError("BUSINESS_RULE_VIOLATION", "The shop would be left without an admin."),
};

async function underWay(ctx: IdentityContext, subject: Subject, cause: unknown): Promise<AppError> {
  const details = await ctx.db.run(whatIsUnderWay(subject, ctx.now()));
  return new AppError(
    "INVALID_TRANSITION",
    "Something is still under way, for which the shop has to know who it is for. `details` says what: delete them once it is done.",
    { details, cause },
  );
}
