import { boolean, list, optional, text } from "../protocol/checks.ts";
import { newestFirst, pageParams, paginate, period, within } from "../protocol/lists.ts";
import { invalid, noSuch } from "../protocol/problem.ts";
import type { EventObject, EventRecord } from "../world/objects.ts";
import type { Account } from "../world/state.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";

const MAX_TYPES = 20;
const KEPT_SECONDS = 30 * 86_400;

/** The event as it reads now: `pending_webhooks` falls to zero once delivered. */
function currentEvent({ event, deliveredAt }: EventRecord): EventObject {
  return { ...event, pending_webhooks: deliveredAt === null ? 1 : 0 };
}

function findEvent(account: Account, id: string): EventRecord {
  const record = account.events.get(id);
  if (record === undefined) throw noSuch("event", id, "id");
  return record;
}

const retrieve = endpoint(
  {},
  {
    method: "GET",
    path: "/v1/events/:id",
    answers: { object: "event" },
    run: ({ account }, _params, id) => currentEvent(findEvent(account, id)),
  },
);

const listAll = endpoint(
  {
    ...pageParams,
    created: optional(period()),
    type: optional(text()),
    types: optional(list(text(), { max: MAX_TYPES })),
    delivery_success: optional(boolean()),
  },
  {
    method: "GET",
    path: "/v1/events",
    answers: { object: "event", list: true },
    refuse(_scope, { type, types }) {
      if (type !== undefined && types !== undefined) {
        throw invalid("You may only specify one of these parameters: type, types.", "types");
      }
    },
    run({ account, world }, params) {
      const { type, types, created, delivery_success: delivered } = params;
      const wanted = types ?? (type === undefined ? undefined : [type]);
      const oldest = world.seconds() - KEPT_SECONDS;
      const isDelivered = (id: string) => account.events.get(id)?.deliveredAt !== null;
      return paginate("/v1/events", params, {
        all: newestFirst(account.events).map(currentEvent),
        matches: (event) =>
          (wanted === undefined || wanted.some((pattern) => matchesType(pattern, event.type))) &&
          (delivered === undefined || isDelivered(event.id) === delivered) &&
          event.created >= oldest &&
          within(event.created, created),
      });
    },
  },
);

/** `charge.*` names a group of types. */
function matchesType(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

export const eventEndpoints: Endpoint[] = [listAll, retrieve];
