export { privacyRoutes } from "./routes.ts";
export { finishForgetting } from "./walk/finish-forgetting.ts";
