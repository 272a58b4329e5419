import { endOutage } from "../webhooks/deliveries.ts";
import { MISBEHAVIOURS, type MisbehaviourRule, usualWebhooks } from "../world/state.ts";
import type { World } from "../world/world.ts";
import {
  type Body,
  ControlError,
  choice,
  optionalBoolean,
  optionalNumber,
  optionalObject,
  optionalText,
  refuseUnknown,
} from "./body.ts";

const RULE_FIELDS = [
  "method",
  "path",
  "kind",
  "times",
  "skip",
  "delayMs",
  "effect",
  "stored",
  "param",
  "message",
];

/** Replaces the rules by which calls of the API go wrong. */
export function setRules(world: World, body: Body): object {
  refuseUnknown(body, ["rules"]);
  const { rules } = body;
  if (!Array.isArray(rules)) throw new ControlError(400, "rules must be an array.");
  world.state.rules = rules.map(readRule);
  return { rules: world.state.rules };
}

function readRule(value: unknown): MisbehaviourRule {
  if (typeof value !== "object" || value === null) {
    throw new ControlError(400, "A rule must be an object.");
  }
  const rule: Body = Object.fromEntries(Object.entries(value));
  refuseUnknown(rule, RULE_FIELDS);
  return {
    method: optionalText(rule, "method") ?? null,
    path: optionalText(rule, "path") ?? null,
    kind: choice(rule, "kind", MISBEHAVIOURS),
    times: optionalNumber(rule, "times") ?? 1,
    skip: optionalNumber(rule, "skip") ?? 0,
    delayMs: optionalNumber(rule, "delayMs") ?? null,
    effect: optionalBoolean(rule, "effect") ?? false,
    stored: optionalBoolean(rule, "stored") ?? true,
    param: optionalText(rule, "param") ?? null,
    message: optionalText(rule, "message") ?? "This is not allowed.",
  };
}

/** Replaces how deliveries go wrong; what is left out goes right. */
export function setWebhookBehaviour(world: World, body: Body): object {
  refuseUnknown(body, ["duplicate", "delayMs", "reorder", "drop"]);
  endOutage(world);
  const usual = usualWebhooks();
  world.state.webhookBehaviour = {
    duplicate: optionalNumber(body, "duplicate") ?? usual.duplicate,
    delayMs: optionalNumber(body, "delayMs") ?? usual.delayMs,
    reorder: optionalBoolean(body, "reorder") ?? usual.reorder,
    drop: readDrop(body),
  };
  world.wakeCourier();
  return world.state.webhookBehaviour;
}

function readDrop(body: Body): number | true {
  const { drop } = body;
  if (drop === true) return true;
  return drop === false ? 0 : (optionalNumber(body, "drop") ?? 0);
}

/** Sets what Stripe Tax takes of sessions with automatic tax that are paid from now on, and where it takes something else. */
export function setTax(world: World, body: Body): object {
  refuseUnknown(body, ["percent", "places"]);
  const percent = percentage(body["percent"], "percent");
  const places = Object.entries(optionalObject(body, "places") ?? {}).map(
    ([country, value]) => [country, percentage(value, `places.${country}`)] as const,
  );
  world.state.taxPercent = percent;
  world.state.taxPlaces = Object.fromEntries(places);
  return { percent, places: world.state.taxPlaces };
}

function percentage(value: unknown, name: string): number {
  if (typeof value === "number" && value >= 0 && value <= 100) return value;
  throw new ControlError(400, `${name} must be a number from 0 to 100.`);
}

/** Decides whether refunds to cards succeed at once or wait for the bank. */
export function setCardRefunds(world: World, body: Body): object {
  refuseUnknown(body, ["status"]);
  world.state.cardRefunds = choice(body, "status", ["succeeded", "pending"]);
  return { status: world.state.cardRefunds };
}
