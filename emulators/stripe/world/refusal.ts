/** What a shopper or a bank wanted and the state does not allow, in words for them. */
export class Refusal extends Error {}
