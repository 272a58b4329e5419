export { finishForgetting } from "./forgetting/finish-forgetting.ts";
export { privacyRoutes } from "./routes.ts";
