import type { AuditAction } from "../../platform/audit-log/actions.ts";
import { audit } from "../../platform/audit-log/store.ts";
import type { Context } from "../../platform/context.ts";
import type { Statement } from "../../platform/db.ts";
import { tagsOf } from "../../platform/http/if-match.ts";
import { promisePurged } from "../../platform/memory/purge.ts";
import { wakePromises } from "../../platform/outbox/store.ts";
import { type Indexed, promiseIndexed } from "../search/index-product.ts";

/** A change of a thing that is there, by whoever has seen it. */
export interface Input {
  readonly id: string;
  /** `If-Match`: the product's tag that the caller has seen, or several. */
  readonly ifMatch?: string | undefined;
}

interface Change {
  readonly action: AuditAction;
  /** What is changed; NULL where it is not there or not what was seen, which the audit log refuses. */
  readonly target: Parameters<typeof audit>[2];
  /** What is written down of it. */
  readonly data: object;
  readonly statements: readonly Statement[];
  /** Of which the index of words has to hear. */
  readonly indexed?: Indexed | undefined;
}

/**
 * A change of the catalog with all that belongs into its batch: the line of the audit log, which is its first statement
 * and judges whether it may be, and the promises to tell the index and the caches of other places.
 */
export function changeCatalog(ctx: Context, change: Change) {
  const { action, target, data, statements, indexed } = change;
  const promises = [
    ...(indexed === undefined ? [] : [promiseIndexed(ctx, indexed)]),
    ...promisePurged(ctx, "catalog"),
  ];
  return {
    statements: [
      audit(ctx, action, target, data),
      ...statements,
      ...promises.map(({ statement }) => statement),
    ],
    after: () =>
      wakePromises(
        ctx,
        promises.map(({ id }) => id),
      ),
  };
}

/** The versions of the product that an `If-Match` names: the part of each tag before the dash. */
export function versionsOf(ifMatch: string | undefined): readonly string[] | undefined {
  return tagsOf(ifMatch)?.map((tag) => tag.replace(/-.*$/, ""));
}
