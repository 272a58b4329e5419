import type { Statement } from "../../platform/db.ts";
import type { Forgotten } from "./policy.ts";
import {
  forgetAccount,
  forgetApiKeys,
  forgetCodes,
  forgetCustomer,
  forgetHistory,
  forgetHolds,
  forgetKeys,
  forgetLinks,
  forgetLog,
  forgetOrders,
  forgetPayments,
  forgetPromises,
  forgetRefunds,
  forgetSecrets,
  forgetSessions,
  forgetShipments,
  forgetSubjects,
  forgetTold,
  forgetUser,
  type Leaving,
} from "./store.ts";

const BY_THE_WALK = () => [];
/** It goes anyway, whoever it names. */
const BY_ITSELF = () => [];

/** What is done for each line of the policy, in its order: the database lets out only what the first line has listed. */
const WORK: Readonly<Record<Forgotten, (leaving: Leaving) => readonly Statement[]>> = {
  forgotten_subjects: forgetSubjects,
  order_events: forgetHistory,
  refunds: forgetRefunds,
  fulfillments: forgetShipments,
  payments: forgetPayments,
  discount_uses: forgetCodes,
  reservations: forgetHolds,
  outgoing_events: forgetTold,
  outbox: forgetPromises,
  csv_jobs: BY_ITSELF,
  email_tokens: forgetLinks,
  sessions: forgetSessions,
  session_secrets: forgetSecrets,
  api_keys: forgetApiKeys,
  users: forgetUser,
  accounts: forgetAccount,
  audit_log: forgetLog,
  orders: forgetOrders,
  customers: forgetCustomer,
  idempotency_keys: forgetKeys,
  webhook_events: BY_THE_WALK,
};

/** All of it, for one batch. */
export function forgetEverything(leaving: Leaving): Statement[] {
  return Object.values(WORK).flatMap((forget) => [...forget(leaving)]);
}
