import type { Mail } from "../mail.ts";

/** A mail with sample data. */
export interface Example {
  /** The topic that promises it. */
  readonly topic: string;
  /** The situation in which it says this. */
  readonly when: string;
  readonly mail: Mail;
}
