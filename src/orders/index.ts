export { getOrder } from "./get-order.ts";
export { addressSchema, type Address, type Order } from "./order.ts";
export { orderTokenOf } from "./order-token.ts";
export { linesOf, paymentsOf, presentOrder } from "./present-order.ts";
export { orderRoutes } from "./routes.ts";
