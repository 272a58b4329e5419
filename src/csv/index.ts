export { csvRoutes } from "./routes.ts";
export { jobRunner, reportStuckJob } from "./run-job.ts";
