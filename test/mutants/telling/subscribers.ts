import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/subscribers/by-hand.test.ts";
const ENDPOINTS = "test/subscribers/endpoints.test.ts";
const EVENTS = "test/subscribers/events.test.ts";
const SENDING = "test/subscribers/sending.test.ts";
const ADDRESSES = "test/subscribers/addresses.test.ts";

type Change = readonly [string, string];
const by = (dies: string) => (name: string, change: Change, test: string) => ({
  name: `subscribers: ${name}`,
  change,
  dies,
  by: test,
});
const guard = by(BY_HAND);
const endpoint = by(ENDPOINTS);
const told = by(EVENTS);
const sent = by(SENDING);
const address = by(ADDRESSES);

const GUARDS: readonly Mutant[] = [
  guard(
    "nobody is told of a parcel",
    [
      "IN ('order.paid', 'order.canceled', 'order.fulfilled', 'refund.succeeded')",
      "IN ('order.paid', 'order.canceled', 'refund.succeeded')",
    ],
    "order.fulfilled is told as order.fulfilled",
  ),
  guard(
    "a refund has a name of its own",
    ["iif(NEW.type = 'refund.succeeded', 'order.refunded', NEW.type)", "NEW.type"],
    "refund.succeeded is told as order.refunded",
  ),
  {
    ...guard(
      "what is low is told again at each step",
      ["WHEN OLD.on_hand - OLD.reserved > OLD.low_stock_threshold\n  AND NEW", "WHEN NEW"],
      "is told of when it falls to its threshold, each time anew",
    ),
    in: "shop_settings_guards",
  },
  told(
    "a hold that is changed makes low what was low before",
    ["AND OLD.on_hand - OLD.reserved + given.reserved_delta <= OLD.low_stock_threshold)", "AND 0)"],
    "is told of a fall by a hold that is changed where it was not low before",
  ),
  told(
    "a hold that is changed makes nothing low",
    ["AND OLD.on_hand - OLD.reserved + given.reserved_delta <= OLD.low_stock_threshold)", ")"],
    "is told of a fall by a hold that is changed where it was not low before",
  ),
  told(
    "a hold makes nothing low that another has given back at the same moment",
    ["WHERE given.reservation_id = taken.reservation_id AND given", "WHERE given"],
    "is told of a fall by a hold after another one has ended",
  ),
  told(
    "a hold makes nothing low that it has given back long before",
    [
      "\n    WHERE given.reservation_id = taken.reservation_id AND given.created_at = taken.created_at",
      "\n    WHERE given.reservation_id = taken.reservation_id",
    ],
    "by one that takes later what it gave back",
  ),
  guard(
    "everybody is told of everything",
    ["WHERE EXISTS (SELECT 1 FROM json_each(e.events) wanted WHERE wanted.value = NEW.type);", ";"],
    "is told of nothing else, to nobody who has not asked",
  ),
  guard(
    "events are kept that nobody wants",
    [
      "WHERE EXISTS (SELECT 1 FROM webhook_endpoints e, json_each(e.events) wanted WHERE wanted.value = told.type);",
      ";",
    ],
    "is told of nothing else, to nobody who has not asked",
  ),
  {
    ...guard(
      "stock is told of where nobody wants to know",
      [
        "WHERE EXISTS (SELECT 1 FROM webhook_endpoints e, json_each(e.events) wanted WHERE wanted.value = 'inventory.low');",
        ";",
      ],
      "is told of when it falls to its threshold, each time anew",
    ),
    in: "shop_settings_guards",
  },
  guard(
    "one transition is two events",
    ["CREATE UNIQUE INDEX `outgoing_events_once`", "CREATE INDEX `outgoing_events_once`"],
    "is told once",
  ),
  guard(
    "one event is brought twice",
    ["CREATE UNIQUE INDEX `webhook_deliveries_once`", "CREATE INDEX `webhook_deliveries_once`"],
    "is told once",
  ),
  guard(
    "an event says another thing later",
    ["WHEN OLD.payload IS NOT NULL AND NEW.payload <> OLD.payload", "WHEN 0"],
    "says one thing, and can be forgotten",
  ),
  guard(
    "an event becomes another",
    ["BEFORE UPDATE OF id, type, subject, sequence, created_at ON", "BEFORE UPDATE OF id ON"],
    "stays what it is",
  ),
  guard(
    "what was answered an error passes for taken",
    ["AND status BETWEEN 200 AND 299)", ")"],
    "was taken when its last attempt was answered with a 2xx",
  ),
  guard(
    "what was taken once passes for taken again",
    ["WHERE delivery_id = NEW.id AND number = NEW.attempts AND", "WHERE delivery_id = NEW.id AND"],
    "was taken when its last attempt was answered with a 2xx",
  ),
  guard(
    "a delivery that waits is due at no time",
    [
      `CHECK(("webhook_deliveries"."status" = 'pending') = ("webhook_deliveries"."wake_at" IS NOT NULL))`,
      "CHECK(1)",
    ],
    "is due while it is pending, and then alone",
  ),
  guard(
    "the log of a delivery is written over",
    ["BEFORE UPDATE ON delivery_attempts BEGIN", "BEFORE UPDATE ON delivery_attempts WHEN 0 BEGIN"],
    "goes after 30 days with its deliveries and their log, and not before",
  ),
  guard(
    "an event goes the day it happens",
    [
      "(OLD.created_at <= (SELECT until FROM retention_due WHERE what = 'outgoing_events')) IS NOT TRUE",
      "0",
    ],
    "goes after 30 days with its deliveries and their log, and not before",
  ),
  guard(
    "a delivery goes without its event",
    ["WHEN EXISTS (SELECT 1 FROM outgoing_events WHERE id = OLD.event_id)", "WHEN 0"],
    "goes after 30 days with its deliveries and their log, and not before",
  ),
  guard(
    "a line of the log goes without its delivery",
    ["WHEN EXISTS (SELECT 1 FROM webhook_deliveries WHERE id = OLD.delivery_id)", "WHEN 0"],
    "goes after 30 days with its deliveries and their log, and not before",
  ),
  guard(
    "there are endpoints without end",
    ["(SELECT count(*) FROM webhook_endpoints) >= 10", "0"],
    "is one of ten, and has one of five secrets",
  ),
  guard(
    "there are secrets without end",
    ["(SELECT count(*) FROM webhook_secrets WHERE endpoint_id = NEW.endpoint_id) >= 5", "0"],
    "is one of ten, and has one of five secrets",
  ),
  guard(
    "two secrets are the current one",
    ["CREATE UNIQUE INDEX `webhook_secrets_current`", "CREATE INDEX `webhook_secrets_current`"],
    "is one of ten, and has one of five secrets",
  ),
  {
    ...guard(
      "a key has orders sent that it may not read",
      ["WHEN NEW.changed_by GLOB 'usr_*' OR NEW.changed_by GLOB 'key_*'", "WHEN 0"],
      "has sent what its maker may read",
    ),
    after: "CREATE TRIGGER webhook_endpoints_within_maker",
    in: "subscribers_guards",
  },
  {
    ...guard(
      "a key has the events of others sent elsewhere",
      ["WHEN NEW.changed_by GLOB 'usr_*' OR NEW.changed_by GLOB 'key_*'", "WHEN 0"],
      "goes elsewhere, or gets more, by who may read that",
    ),
    after: "CREATE TRIGGER webhook_endpoints_within_changer",
    in: "subscribers_guards",
  },
  guard(
    "whoever changes events alone is asked for nothing",
    [
      "BEFORE UPDATE OF url, events, changed_by ON webhook_endpoints",
      "BEFORE UPDATE OF url ON webhook_endpoints",
    ],
    "goes elsewhere, or gets more, by who may read that",
  ),
];

const WHERE: readonly Mutant[] = [
  endpoint(
    "an address has a password in it",
    ['if (url.username !== "" || url.password !== "")', "if (url.username === url.href)"],
    "is refused at https://ada:secret@hooks.example.com/",
  ),
  endpoint(
    "an address has a fragment",
    ['if (url.hash !== "") return', "if (url.hash === url.href) return"],
    "is refused at https://hooks.example.com/#part",
  ),
  endpoint(
    "events go without TLS",
    ['if (protocol !== "https:") return', 'if (protocol === "x") return'],
    "is refused at http://hooks.example.com/",
  ),
  endpoint(
    "events go to any port",
    ['if (port !== "") return', 'if (port === "x") return'],
    "is refused at https://hooks.example.com:8443/",
  ),
  endpoint(
    "an endpoint is at an IP address",
    ["if (ADDRESS.test(host)) return", "if (ADDRESS.test(protocol)) return"],
    "is refused at https://2130706433/",
  ),
  endpoint(
    "a dot at the end makes another name",
    [String.raw`hostname.replace(/\.+$/, "")`, "hostname"],
    "is refused at https://LOCALHOST./",
  ),
  endpoint(
    "an endpoint is at a name of this network",
    [`if (!host.includes(".") || LOCAL_NAMES.test(host))`, `if (!host.includes("."))`],
    "is refused at https://metadata.google.internal/",
  ),
  endpoint(
    "an endpoint is at a name without a dot",
    [`if (!host.includes(".") || LOCAL_NAMES.test(host))`, "if (LOCAL_NAMES.test(host))"],
    "is refused at https://warehouse/",
  ),
  endpoint(
    "an endpoint is changed to a private address",
    ["  if (url !== undefined) requirePublicUrl(url, ctx.config.webhooksOut.anywhere);\n", ""],
    "is refused at https://127.0.0.1/",
  ),
  endpoint(
    "who has seen another state changes an endpoint",
    ["seen && sql`${SEEN} IN", "seen && sql`1 OR ${SEEN} IN"],
    "is changed by who has seen it as it is",
  ),
  endpoint(
    "a secret is in the database as it is",
    ["const sealed = await seal(ctx.config, secret);", "const sealed = secret;"],
    "shows its secret once, and the database has it sealed",
  ),
  endpoint(
    "a rotated secret is over at once",
    ["(until IS NULL OR until > ${now}) ORDER", "(until IS NULL) ORDER"],
    "is rotated, and both sign for 24 hours",
  ),
  endpoint(
    "a rotated secret is good for ever",
    ["(until IS NULL OR until > ${now}) ORDER", "(1) ORDER"],
    "is rotated, and both sign for 24 hours",
  ),
  endpoint(
    "secrets that have ended stay",
    ["      deleteEndedSecrets(id, now),\n", ""],
    "is good for its 24 hours also when there is another, and another",
  ),
  endpoint(
    "a secret is lost with the TOKEN_SECRET that has sealed it",
    ["await ctx.db.run(sealSecretAgain(id, sealed, await seal(ctx.config, secret)));", ""],
    "outlives a change of TOKEN_SECRET, and is sealed with the new one",
  ),
  endpoint(
    "what waited for an endpoint that is gone is sent again",
    [
      "FROM webhook_deliveries d JOIN webhook_endpoints w ON w.id = d.endpoint_id WHERE d.id = ${id})`",
      "FROM webhook_deliveries d WHERE d.id = ${id})`",
    ],
    "that is not there has nothing to test, rotate, list or send again",
  ),
];

const SENT: readonly Mutant[] = [
  endpoint(
    "whoever may rotate a secret speaks for the shop",
    [
      "      answerFor(id, ctx.actor.label), // with the secret one can speak for the shop\n",
      "      answerFor(id, 'system'),\n",
    ],
    "is no way round a scope: a key has sent what it may read",
  ),
  endpoint(
    "what one has left that is gone is shown",
    [" AND EXISTS (SELECT 1 FROM webhook_endpoints WHERE id = ${endpointId})", ""],
    "that is not there has nothing to test, rotate, list or send again",
  ),
  sent(
    "a redirection is followed",
    ['redirect: "manual", signal', 'redirect: "follow", signal'],
    "that is answered 307 is tried again",
  ),
  sent(
    "nobody asks where a name leads",
    ["if (!where.anywhere)\n", "if (where.anywhere)\n"],
    "whose host name leads to a private address is not sent",
  ),
  sent(
    "one public address is enough",
    ["if (!addresses.every(isPublicAddress))", "if (!addresses.some(isPublicAddress))"],
    "whose host name leads to one beside a public one is not sent",
  ),
  sent(
    "IPv6 is not asked for",
    ['const TYPES = ["A", "AAAA"] as const;', 'const TYPES = ["A"] as const;'],
    "whose host name leads to IPv6 alone is not sent",
  ),
  sent(
    "a resolver that fails is taken for one that knows no address",
    ["if (!response.ok || !read.success)", "if (!response.ok) return [];\n  if (!read.success)"],
    "whose host name cannot be looked up waits until it can",
  ),
  sent(
    "an endpoint that does not answer is asked all the same",
    ["const quietUntil = answered ? null : now + QUIET_MS;", "const quietUntil = null;"],
    "that is not answered within ten seconds has its endpoint left alone for a minute",
  ),
  sent(
    "the sweep wakes for an endpoint that is to be left alone, and it is asked",
    ["if (quietUntil !== null && quietUntil > ctx.now()) {", "if (quietUntil === 0) {"],
    "that is not answered within ten seconds has its endpoint left alone for a minute",
  ),
  sent(
    "a delivery is never given up",
    ["return pause === undefined ? undefined : Math", "return pause === undefined ? 1000 : Math"],
    "is tried for more than a day, farther and farther apart, and then given up",
  ),
  sent(
    "everybody tries again at the same time",
    ["pause * (1 + random() / 4)", "pause"],
    "waits a little longer each time, as chance has it",
  ),
  sent(
    "an endpoint is paused after a day",
    ["const DEAD_AFTER_MS = 3 * DAY_MS;", "const DEAD_AFTER_MS = DAY_MS;"],
    "is paused with a mail to the operators, keeps what comes, and gets it when it is active again",
  ),
  sent(
    "an endpoint is paused twice",
    [
      "WHERE id = ${id} AND status = 'active' AND failing_since = ${failingSince})`",
      "WHERE id = ${id})`",
    ],
    "is paused with a mail to the operators, keeps what comes, and gets it when it is active again",
  ),
  sent(
    "one that is active again is dead at once",
    ["? { failingSince: null, failedAt: null, quietUntil: null }", "? {}"],
    "is paused with a mail to the operators, keeps what comes, and gets it when it is active again",
  ),
  sent(
    "a paused endpoint is sent to",
    [
      "WHERE d.id = ${id} AND d.status = 'pending' AND w.status = 'active'`",
      "WHERE d.id = ${id} AND d.status = 'pending'`",
    ],
    "is paused with a mail to the operators, keeps what comes, and gets it when it is active again",
  ),
  sent(
    "an endpoint that works again goes on failing",
    ["markDelivered(attempt), markHealthy(waiting.endpointId)]", "markDelivered(attempt)]"],
    "that is answered 500 is tried again",
  ),
  sent(
    "the log of one endpoint is that of all",
    ["const own = sql`d.endpoint_id = ${endpointId} AND EXISTS", "const own = sql`EXISTS"],
    "is read by status, page by page",
  ),
  told(
    "each endpoint gets a text of its own",
    [
      "const [, [kept]] = await ctx.db.batch([keepPayload(eventId, message), findPayload(eventId)]);",
      "const kept: { payload: string } | undefined = { payload: message.text };\n  void findPayload;\n  void keepPayload;\n  void eventId;",
    ],
    "gets the same id and the same bytes as another, and as the time before",
  ),
  told(
    "what has happened waits for the sweep",
    ["  if (!dead) await tellSubscribers(batch, services, later);\n", "  void tellSubscribers;\n"],
    "is told at once of what the queue has had a part in",
  ),
  address(
    "addresses of a provider's own network are public",
    ["100.64.0.0/10 ", ""],
    "is not public, or none at all: 100.127.255.255",
  ),
  address(
    "what is not given out of IPv6 is public",
    ["if (first < 0x2000 || first > 0x3fff) return false;", "if (first > 0xffff) return false;"],
    "is not public, or none at all: ::ffff:10.0.0.1",
  ),
  address(
    "Teredo leads anywhere",
    ["(second < 0x200 || second === 0xdb8)", "second === 0xdb8"],
    "is not public, or none at all: 2001::1",
  ),
  address(
    "6to4 leads anywhere",
    ["return first !== 0x2002 && ", "return "],
    "is not public, or none at all: 2002:a00:1::1",
  ),
];

/** What is told to subscribers, and where that may go. */
export const SUBSCRIBERS: readonly Mutant[] = [...GUARDS, ...WHERE, ...SENT];
