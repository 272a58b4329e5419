import type { InventoryContext } from "../inventory/index.ts";
import type { PaymentGateway } from "../payments/index.ts";

export interface CheckoutContext extends InventoryContext {
  readonly payments: PaymentGateway;
}
