export { countStock } from "./counting/count-stock.ts";
export { reportRoutes } from "./routes.ts";
export { keepShopTime } from "./zone/keep-shop-time.ts";
