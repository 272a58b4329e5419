import { createApp } from "./app.ts";
import { consume } from "./jobs.ts";
import { type Bindings, ConfigError } from "./platform/config.ts";
import { AppError } from "./platform/errors.ts";
import { errorResponse } from "./platform/http/errors.ts";
import { requestIdOf } from "./platform/http/request.ts";
import { Log } from "./platform/log.ts";
import { runSchedule } from "./schedules.ts";
import { type Services, servicesOf } from "./services.ts";

const apps = new WeakMap<Services, ReturnType<typeof createApp>>();

function appOf(services: Services) {
  const app = apps.get(services) ?? createApp(services);
  apps.set(services, app);
  return app;
}

export default {
  async fetch(request, env, execution) {
    try {
      return await appOf(servicesOf(env)).fetch(request, env, execution);
    } catch (error) {
      if (error instanceof ConfigError) return notConfigured(request, error);
      throw error;
    }
  },
  queue: (batch, env, execution) =>
    consume(batch, servicesOf(env), (work) => execution.waitUntil(work)),
  scheduled: (event, env, execution) =>
    runSchedule(event.cron, servicesOf(env), (work) => execution.waitUntil(work)),
} satisfies ExportedHandler<Bindings>;

/** The log names the variables; the public is only told that it is not its fault. */
function notConfigured(request: Request, error: ConfigError): Response {
  const requestId = requestIdOf(request.headers);
  const log = new Log({ event: "not_configured", requestId, problem: error.message });
  log.raise("error");
  log.emit();
  const answer = new AppError(
    "UNAVAILABLE",
    "The shop is not set up yet. Its log says what is missing.",
    {
      headers: { "Retry-After": "60" },
    },
  );
  return errorResponse(answer, requestId);
}
