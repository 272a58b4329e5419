import type { DocumentedVariable, Settings } from "./settings.ts";

/** What the code reads: every binding, and every variable with whether it must be set. */
export interface Demand {
  bindings: string[];
  optionalBindings: string[];
  variables: Map<string, { required: boolean }>;
}

/** Differences between what the code reads and what one environment declares. */
export function compareDeclarations(
  demand: Demand,
  settings: Settings,
  documented: DocumentedVariable[],
): string[] {
  const declared = settings.bindings;
  const values = [...Object.keys(settings.vars), ...settings.secrets.required];
  const problems = [
    ...demand.bindings
      .filter((name) => !declared.includes(name))
      .map((name) => `the binding ${name} is read, but not declared`),
    ...declared
      .filter((name) => ![...demand.bindings, ...demand.optionalBindings].includes(name))
      .map((name) => `the binding ${name} is declared, but not read`),
    ...values
      .filter((name) => !demand.variables.has(name))
      .map((name) => `${name} is declared, but not read`),
  ];
  for (const [name, { required }] of demand.variables) {
    if (values.includes(name)) continue;
    if (required) problems.push(`${name} is required, but neither in vars nor in secrets`);
    else if (!documented.some((entry) => entry.name === name)) {
      problems.push(`${name} is optional, and not in .dev.vars.example`);
    }
  }
  return problems;
}

/** .dev.vars.example lists exactly the variables of the configuration, each explained. */
export function compareExample(demand: Demand, documented: DocumentedVariable[]): string[] {
  const names = documented.map(({ name }) => name);
  return [
    ...[...demand.variables.keys()]
      .filter((name) => !names.includes(name))
      .map((name) => `.dev.vars.example: ${name} is missing`),
    ...names
      .filter((name) => !demand.variables.has(name))
      .map((name) => `.dev.vars.example: nothing reads ${name}`),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `.dev.vars.example: ${name} is listed twice`),
    ...documented
      .filter(({ purpose }) => purpose === "")
      .map(({ name }) => `.dev.vars.example: ${name} has no comment right above it`),
  ];
}

/** The part of an environment that all of them must share, with its own name taken out of it. */
function sharedPart(settings: Settings): Record<string, unknown> {
  const unnamed = (text = "") => text.replace(settings.name, "<name>");
  return {
    vars: Object.keys(settings.vars).sort(),
    secrets: settings.secrets.required.toSorted(),
    bindings: settings.bindings.toSorted(),
    crons: settings.triggers.crons,
    assets: settings.assets?.directory,
    databases: settings.d1_databases.map(({ binding, database_name, migrations_dir }) => ({
      binding,
      migrations_dir,
      name: unnamed(database_name),
    })),
    buckets: settings.r2_buckets.map(({ binding, bucket_name }) => ({
      binding,
      name: unnamed(bucket_name),
    })),
    producers: settings.queues.producers.map((producer) => ({
      ...producer,
      queue: unnamed(producer.queue),
    })),
    consumers: settings.queues.consumers.map((consumer) => ({
      ...consumer,
      queue: unnamed(consumer.queue),
      dead_letter_queue: unnamed(consumer.dead_letter_queue),
    })),
    limits: settings.ratelimits.map(({ name, simple }) => ({ name, simple })),
  };
}

/** Queues without a consumer, consumers without a dead-letter queue, dead letters that nobody reads. */
export function findLooseQueues(settings: Settings): string[] {
  const { consumers, producers } = settings.queues;
  const consumed = consumers.map(({ queue }) => queue);
  const dead = consumers.flatMap(({ dead_letter_queue }) => dead_letter_queue ?? []);
  const produced = producers.map(({ queue }) => queue);
  return [
    ...[...produced, ...dead]
      .filter((queue) => !consumed.includes(queue))
      .map((queue) => `the queue ${queue} has no consumer`),
    ...consumers
      .filter(({ queue, dead_letter_queue }) => !dead.includes(queue) && !dead_letter_queue)
      .map(({ queue }) => `the queue ${queue} has no dead-letter queue`),
  ];
}

/** All environments have the same parts, and none shares a resource with another. */
export function compareEnvironments(all: Map<string, Settings>): string[] {
  const problems: string[] = [];
  const [first, ...others] = [...all].map(([name, settings]) => ({
    name,
    part: sharedPart(settings),
  }));
  for (const other of others) {
    for (const [key, value] of Object.entries(first?.part ?? {})) {
      if (JSON.stringify(value) === JSON.stringify(other.part[key])) continue;
      problems.push(
        `${other.name}: ${key} differs from ${first?.name}: ${JSON.stringify(other.part[key])} instead of ${JSON.stringify(value)}`,
      );
    }
  }
  const owned = [...all.values()].flatMap((settings) => [
    `Worker ${settings.name}`,
    ...settings.d1_databases.map(({ database_name }) => `database ${database_name}`),
    ...settings.r2_buckets.map(({ bucket_name }) => `bucket ${bucket_name}`),
    ...settings.queues.producers.map(({ queue }) => `queue ${queue}`),
    ...settings.ratelimits.map(({ namespace_id }) => `rate limit ${namespace_id}`),
  ]);
  const shared = owned.filter((resource, index) => owned.indexOf(resource) !== index);
  return [...problems, ...shared.map((resource) => `two environments use the ${resource}`)];
}
