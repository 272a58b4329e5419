import { inArray } from "drizzle-orm";
import { query } from "../db.ts";
import { prepared } from "../prepared.ts";
import { tagVersions } from "./schema.ts";

/** What is kept stands under one of these; migrations/0005_tag_versions_guards.sql says what changes it. */
export const TAGS = ["catalog"] as const;
export type Tag = (typeof TAGS)[number];

const versions = prepared(() =>
  query
    .select({ tag: tagVersions.tag, version: tagVersions.version })
    .from(tagVersions)
    .where(inArray(tagVersions.tag, TAGS)),
);

/** The version of each tag that has changed ever since. */
export function findTagVersions() {
  return versions({});
}
