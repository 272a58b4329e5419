export const NOTHING_TO_DO = "You do not have to do anything.";

/** How long a refund takes to be seen. https://docs.stripe.com/refunds */
export const BANK_WORDS = `Depending on your bank it takes 5 to 10 days to arrive. ${NOTHING_TO_DO}`;
