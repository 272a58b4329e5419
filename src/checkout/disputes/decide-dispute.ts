import type { AttentionReason, StoredDispute } from "../../orders/index.ts";
import type { ProviderDispute } from "../../payments/index.ts";

export type DisputeNews = "opened" | "won" | "lost" | "contradicted" | "nothing";

type Known = Pick<StoredDispute, "status">;

/** What a dispute at Stripe is to the books. Whoever still reads it as open after its end has read it before the end. */
export function disputeNews(
  known: Known | undefined,
  { status }: Pick<ProviderDispute, "status">,
): DisputeNews {
  if (known?.status === status) return "nothing";
  if (status === "open") return known === undefined ? "opened" : "nothing";
  if (known?.status === "lost") return "won"; // after an appeal
  return known?.status === "won" ? "contradicted" : status;
}

interface Attention {
  /** Why a person is called now, before the news. */
  readonly standing: AttentionReason | null;
  /** Where the other disputes of the payment are. */
  readonly others: readonly Known["status"][];
}

/** Why a person has to look at the order after the news. What they were called for in another matter stays. */
export function attentionOf(
  news: DisputeNews,
  { standing, others }: Attention,
): AttentionReason | null {
  const free = standing === null || standing === "dispute" || standing === "dispute_lost";
  if (!free || news === "nothing") return standing;
  if (news === "lost") return "dispute_lost";
  if (news !== "won") return "dispute";
  if (standing === null || others.includes("open")) return standing;
  return others.includes("lost") ? "dispute_lost" : null;
}
