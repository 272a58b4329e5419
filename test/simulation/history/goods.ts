export const SKUS = ["BEAN", "CUP", "MILL", "YEN"] as const;

/** What one order, and what one customer, may have: less than shoppers sometimes ask for. */
export const LIMITED = {
  perOrder: { sku: "CUP", limit: 2 },
  perCustomer: { sku: "MILL", limit: 3 },
} as const;
/** What needs no parcel. */
export const UNSENT = "MILL";
