import {
  findCustomer,
  findUser,
  type IdentityContext,
  presentCustomer,
  presentUser,
  signedIn,
} from "../../identity/index.ts";
import { presentOrder } from "../../orders/index.ts";
import { notFound } from "../../platform/errors.ts";
import {
  decodeCursor,
  newestFirst,
  type Page,
  type PageInput,
  toPage,
} from "../../platform/http/pagination.ts";
import { byThemselves, byTheShop, type Subject } from "../person.ts";
import { findPerson, findPersonOfUser } from "../store.ts";
import { MOST_OF_EACH, type PersonalData } from "./document.ts";
import {
  presentApiKey,
  presentEvent,
  presentHold,
  presentLog,
  presentMail,
  presentSignIn,
} from "./present.ts";
import { aboutPerson, ordersPage } from "./store.ts";

export interface Exported {
  readonly data: PersonalData;
  readonly page: Page<string>;
}

/** All that the shop knows of whoever asks. */
export async function exportMe(ctx: IdentityContext, input: PageInput): Promise<Exported> {
  const [person] = await ctx.db.run(findPersonOfUser(signedIn(ctx).id));
  if (person === undefined) throw notFound("user");
  return exportPerson(ctx, byThemselves(person), input);
}

/** The same of a customer. Throws `NOT_FOUND`. */
export async function exportCustomer(
  ctx: IdentityContext,
  { id, ...input }: PageInput & { readonly id: string },
): Promise<Exported> {
  const [person] = await ctx.db.run(findPerson(id));
  if (person === undefined) throw notFound("customer");
  return exportPerson(ctx, byTheShop(person), input);
}

async function exportPerson(
  ctx: IdentityContext,
  subject: Subject,
  { cursor, pageSize }: PageInput,
): Promise<Exported> {
  const after = decodeCursor(cursor, newestFirst.kinds);
  const [[customer], [user], ...rest] = await ctx.db.batch([
    findCustomer(subject.customerId),
    findUser(subject.userId ?? ""),
    ...aboutPerson(subject, ctx.now(), MOST_OF_EACH),
    ...ordersPage(subject, after, pageSize + 1),
  ]);
  if (customer === undefined) throw notFound("customer");
  const [signIns, keys, holds, log, ids, orders, events, held, mails, lines] = rest;
  const page = toPage(ids, pageSize, newestFirst.keyOf, ({ id }) => id);
  const shown = page.items.flatMap((id) => orders.filter((order) => order.id === id));
  return {
    page,
    data: {
      customer: presentCustomer(customer),
      user: user === undefined ? null : presentUser(user),
      sessions: signIns.map(presentSignIn),
      apiKeys: keys.map(presentApiKey),
      holds: holds.map(presentHold),
      log: log.map(presentLog),
      orders: shown.map((order) => {
        const parts = [order, ...order.refunds, ...order.fulfillments].map(({ id }) => id);
        const hold = held.find(({ orderId }) => orderId === order.id);
        return {
          order: presentOrder(order),
          hold: hold === undefined ? null : presentHold(hold),
          history: events.filter(({ orderId }) => orderId === order.id).map(presentEvent),
          mails: mails.filter(({ about }) => parts.includes(about)).map(presentMail),
          log: lines.filter(({ target }) => target === order.id).map(presentLog),
        };
      }),
    },
  };
}
