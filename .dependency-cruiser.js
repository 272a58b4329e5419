/** Who may import whom in src/: the layout of the house, in the order of the README. */

/** Feature → the features below it that it may use. */
const below = {
  platform: [],
  identity: ["platform"],
  webhooks: ["platform"],
  payments: ["platform"],
  // What the shop says of itself; mails and receipts read it.
  settings: ["platform"],
  catalog: ["platform"],
  inventory: ["catalog", "identity", "platform"],
  orders: ["inventory", "catalog", "settings", "identity", "platform"],
  // What mails tell of. Who has something to tell promises it to the outbox, so nothing here is above.
  notifications: ["orders", "inventory", "catalog", "settings", "identity", "platform"],
  // Signed events to whoever has asked for them. What is told, the database writes down; nothing here is above.
  subscribers: ["orders", "inventory", "platform"],
  discounts: ["orders", "catalog", "identity", "platform"],
  checkout: [
    "discounts",
    "orders",
    "inventory",
    "catalog",
    "settings",
    "payments",
    "webhooks",
    "identity",
    "platform",
  ],
  csv: ["orders", "inventory", "catalog", "identity", "platform"],
  audit: ["inventory", "platform"],
  // Triggers count for it what the others do.
  reports: ["platform"],
  // What is over, of every feature; it asks none of them but for the progress of its walks.
  retention: ["webhooks", "platform"],
  // All that is known of a person, for them to have or to have forgotten; nothing here is above.
  privacy: ["orders", "inventory", "identity", "webhooks", "platform"],
  tickets: ["orders", "inventory", "catalog", "platform"],
};
const features = Object.keys(below);
below.pages = features;

/**
 * The inner rooms of the large features: room → the rooms below it that it may use. `ground` are the files at the
 * feature's root that every room stands on; the other files there are its door and its routes, which use all of it.
 */
const inside = {
  checkout: {
    ground: [
      "context",
      "step",
      "store",
      "paid-order",
      "sell-free",
      "session-request",
      "order-memo",
      "end-order",
      "call-operators",
      "strange-money",
      "tell-payment-failed",
    ],
    rooms: {
      refunds: [],
      disputes: ["refunds"],
      rebuilding: [],
      settling: ["refunds", "rebuilding"],
      opening: [],
      ending: ["settling", "refunds"],
      reconciliation: ["settling", "rebuilding"],
      control: [],
    },
  },
  inventory: {
    ground: ["context", "schema", "store", "reservation", "reservation-state"],
    rooms: { holds: [], limits: [], overview: ["holds"] },
  },
  identity: {
    ground: ["context", "schema", "store", "user", "secrets", "attempts"],
    rooms: {
      passwords: [],
      signing: [],
      "api-keys": [],
      customers: [],
      sessions: ["signing", "passwords"],
      links: ["sessions", "passwords"],
      users: ["links", "sessions", "passwords", "customers"],
    },
  },
  notifications: {
    ground: ["context", "mail", "mailer"],
    rooms: {
      letter: [],
      mails: ["letter"],
      examples: ["mails", "letter"],
    },
  },
  csv: {
    ground: ["context", "schema", "store", "job", "csv-job-state", "step"],
    rooms: { text: [], files: [], exports: ["text"], imports: ["text"] },
  },
  reports: {
    ground: ["schema"],
    rooms: { zone: [], counting: ["zone"] },
  },
  subscribers: {
    ground: ["schema", "event-types", "delivery-state"],
    rooms: {
      endpoints: [],
      deliveries: ["endpoints"],
      sending: ["deliveries", "endpoints"],
    },
  },
  pages: {
    ground: [
      "context",
      "form",
      "sent-back",
      "session",
      "guest-browser",
      "visitor",
      "local-path",
      "countries",
    ],
    rooms: {
      design: [],
      docs: ["design"],
      orders: ["design"],
      storefront: ["orders", "design"],
      "sign-in": ["design"],
      account: ["orders", "sign-in", "design"],
    },
  },
};

const ENTRY = "^src/[^/]+$";
const SCHEMA = "/schema[.]ts$";
const STORE = "/store[.]ts$";
/** What entry files mount, besides the door of a feature. */
const MOUNTED = "^src/[^/]+/(routes|jobs)[.]tsx?$";
const DOOR = "^src/[^/]+/index[.]tsx?$";
const behindDoors = `^src/(${features.filter((name) => name !== "platform").join("|")})/`;

/** A package by the folder it is in, or by its name where it is not installed. */
const npm = (name) => `(^|(^|/)node_modules/)${name}(/|$)`;

const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

const direction = Object.entries(below).map(([feature, lower]) =>
  forbid(
    `direction-of-${feature}`,
    `${feature} may use ${lower.length > 0 ? lower.join(", ") : "no feature"}. Upward effects travel as outbox events.`,
    { path: `^src/${feature}/` },
    { path: "^src/", pathNot: `^src/(${[feature, ...lower].join("|")})/` },
  ),
);

const doors = [
  forbid(
    "feature-door",
    "Another feature is entered through its index.ts.",
    { path: "^src/([^/]+)/", pathNot: [SCHEMA, STORE] },
    { path: behindDoors, pathNot: ["^src/$1/", DOOR] },
  ),
  forbid(
    "feature-door-for-stores",
    "schema.ts and store.ts may also use the schema.ts of a lower feature, for foreign keys and joins.",
    { path: `^src/([^/]+)/.*(schema|store)[.]ts$` },
    { path: behindDoors, pathNot: ["^src/$1/", DOOR, SCHEMA] },
  ),
  forbid(
    "entry-door",
    "Entry files mount a feature's index.ts, routes.ts and jobs.ts.",
    { path: ENTRY },
    { path: `${behindDoors}|^src/pages/`, pathNot: [DOOR, MOUNTED] },
  ),
  forbid(
    "unknown-folder",
    "Every folder of src/ has its place in .dependency-cruiser.js.",
    { path: "^src/" },
    { path: "^src/[^/]+/", pathNot: `^src/(${Object.keys(below).join("|")})/` },
  ),
];

const innerRooms = Object.entries(inside).flatMap(([feature, { ground, rooms }]) => {
  const root = `^src/${feature}/`;
  const floor = `${root}(${ground.join("|")})[.]tsx?$`;
  const known = Object.keys(rooms);
  return [
    forbid(
      `ground-of-${feature}`,
      "What the rooms stand on uses none of them; of the context, a type is no use.",
      { path: floor },
      { path: root, pathNot: floor, dependencyTypesNot: ["type-only"] },
    ),
    forbid(
      "unknown-room",
      `Every folder of ${feature} has its place in .dependency-cruiser.js.`,
      {},
      { path: `${root}[^/]+/`, pathNot: `${root}(${known.join("|")})/` },
    ),
    ...Object.entries(rooms).map(([room, lower]) =>
      forbid(
        `room-${feature}-${room}`,
        `${feature}/${room} stands on ${["the ground", ...lower].join(", ")}.`,
        { path: `${root}${room}/` },
        { path: root, pathNot: [floor, `${root}(${[room, ...lower].join("|")})/`] },
      ),
    ),
  ];
});

const packages = [
  forbid(
    "drizzle-in-stores",
    "Only schema.ts, store.ts, platform/db.ts, prepared.ts and json-columns.ts know Drizzle.",
    { path: "^src/", pathNot: [SCHEMA, STORE, "^src/platform/(db|prepared|json-columns)[.]ts$"] },
    { path: npm("drizzle-orm") },
  ),
  forbid(
    "stripe-in-payments",
    "Stripe is behind payments/.",
    { path: "^src/", pathNot: "^src/payments/" },
    { path: npm("stripe") },
  ),
  forbid(
    "resend-in-notifications",
    "Resend is behind notifications/.",
    { path: "^src/", pathNot: "^src/notifications/" },
    { path: npm("resend") },
  ),
  forbid(
    "upstash-in-rate-limit",
    "Upstash is behind platform/rate-limit/.",
    { path: "^src/", pathNot: "^src/platform/rate-limit/" },
    { path: "(^|/)@upstash/" },
  ),
  forbid(
    "papaparse-in-csv",
    "CSV is behind csv/.",
    { path: "^src/", pathNot: "^src/csv/" },
    { path: npm("papaparse") },
  ),
  forbid(
    "no-hono-in-use-cases",
    "Use cases never see HTTP: only routes, doors, pages, platform/http and entry files know Hono.",
    {
      path: "^src/",
      pathNot: [ENTRY, "/[a-z-]*routes[.]tsx?$", DOOR, "^src/pages/", "^src/platform/http/"],
    },
    { path: [npm("hono"), "(^|/)@hono/"] },
  ),
  forbid(
    "no-development-dependency",
    "What the Worker imports is a dependency, at run time too.",
    { path: "^src/" },
    { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
  ),
];

const hygiene = [
  forbid(
    "nothing-outside-src",
    "The Worker does not import tests, scripts or emulators.",
    { path: "^src/" },
    { path: "^(test|scripts|emulators)/" },
  ),
  forbid("no-cycle", "Imports point one way.", { path: "^src/" }, { circular: true }),
  forbid(
    "no-orphan",
    "A file that nothing imports and that imports nothing.",
    {
      path: "^src/",
      orphan: true,
      pathNot: [
        "^src/(index|client|notifications/no-inbound-mail|platform/rate-limit/no-analytics)[.]ts$",
        "[.]d[.]ts$",
      ],
    },
    {},
  ),
  forbid(
    "resolvable",
    "An import that cannot be followed cannot be checked.",
    { path: "^src/" },
    { couldNotResolve: true, pathNot: "^(cloudflare|node):" },
  ),
];

export default {
  forbidden: [...direction, ...doors, ...innerRooms, ...packages, ...hygiene],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["workerd", "worker", "import", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json"],
    },
  },
};
