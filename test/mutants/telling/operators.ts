import type { Mutant } from "../mutant.ts";

const OPERATORS = "test/notifications/operator-mails.test.ts";
const SETTINGS = "test/settings/settings.test.ts";

const told = (name: string, change: readonly [string, string], by: string): Mutant => ({
  name: `operators: ${name}`,
  change,
  dies: OPERATORS,
  by,
});
const shown = (name: string, change: readonly [string, string], by: string): Mutant => ({
  name: `settings: ${name}`,
  change,
  dies: SETTINGS,
  by,
});

/** What the shop says of itself, and of what its operators hear. */
export const SETTINGS_AND_OPERATORS: readonly Mutant[] = [
  told(
    "they hear of disputes that they do not want to hear of",
    [
      '    dedupeKey: `dispute:${id}`,\n    when: wantsMail("attention"),',
      "    dedupeKey: `dispute:${id}`,",
    ],
    "also by a bank, unless they do not want to be",
  ),
  told(
    "they hear of nothing until they say so",
    ["WHERE id = 1) IS NOT 0`", "WHERE id = 1) IS 1`"],
    "once, with what was bought, for how much and where to look",
  ),
  told(
    "they hear of sales that they do not want to hear of",
    ['`order_paid:${orderId}` },\n    wantsMail("paidOrders"),', "`order_paid:${orderId}` },"],
    "and write no promise where they do not want to know, then or later",
  ),
  told(
    "sales are promised where there is nobody to tell",
    ["  if (ctx.config.operatorEmail === undefined) return told;\n", ""],
    "and where there are none, nothing is written or waits",
  ),
  told(
    "they are called though they do not want to be",
    ['const when = wantsMail("attention");', "const when = undefined;"],
    "unless they do not want to be",
  ),
  {
    ...told(
      "they hear of low stock that they do not want to hear of",
      [
        "WHERE (SELECT settings ->> '$.operatorMails.lowStock' FROM shop_settings WHERE id = 1) IS NOT 0\n    AND",
        "WHERE",
      ],
      "and nothing is promised where they do not want to know",
    ),
    in: "shop_settings_guards",
  },
  told(
    "what holds take and give back is told each time",
    ["WHEN NEW.on_hand_delta > 0 BEGIN", "WHEN 1 BEGIN"],
    "again once it was filled up and falls another time",
  ),
  told(
    "they hear once of each SKU for ever",
    ["WHEN NEW.on_hand_delta > 0 BEGIN", "WHEN 0 BEGIN"],
    "again once it was filled up and falls another time",
  ),
  {
    ...told(
      "a second fall is refused",
      [
        "\n    AND NOT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = 'low_stock:' || NEW.sku || ':' || NEW.fillings)",
        "",
      ],
      "again once it was filled up and falls another time",
    ),
    in: "shop_settings_guards",
  },
  {
    ...told(
      "nobody is told what a trigger has promised, and it stays",
      ["  if (to === undefined) return;", '  if (to === undefined) throw new Error("nobody");'],
      "and where there are none, what a trigger has promised is done",
    ),
    after: "async function tellOfLowStock(",
  },
  shown(
    "there are two of them",
    ['CHECK("shop_settings"."id" = 1)', "CHECK(1)"],
    "is one row, whoever writes",
  ),
  shown(
    "they are changed by who has seen others",
    [": sql`${tag} IN", ": sql`1 OR ${tag} IN"],
    "is changed by who has seen it as it is",
  ),
  shown(
    "who has seen them is refused",
    ["version || '-' || updated_at FROM", "version || '-' FROM"],
    "is changed by who has seen it as it is",
  ),
  shown(
    "pages keep the name from before",
    ["AFTER UPDATE ON shop_settings BEGIN", "AFTER UPDATE ON shop_settings WHEN 0 BEGIN"],
    "stand on the front page at once",
  ),
  shown(
    "pages keep what was said before anybody said anything",
    ["AFTER INSERT ON shop_settings BEGIN", "AFTER INSERT ON shop_settings WHEN 0 BEGIN"],
    "stand on the front page at once",
  ),
];
