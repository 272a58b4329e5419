import type { PageHead } from "../design/layout.tsx";
import { type ApiDocument, type Call, callsByTag } from "./docs-model.ts";
import { exampleOf, type FieldRow, fieldRows, typeWords } from "./docs-schema.ts";

/** The API, to be read. */
export function docsPage(document: ApiDocument) {
  const groups = callsByTag(document);
  const head: PageHead = {
    title: "The API",
    description: "Every call of the API: who may use it, what it takes and what it answers.",
    canonical: "/docs",
  };
  const content = (
    <div class="docs">
      <Introduction document={document} />
      <nav class="toc" aria-label="Calls">
        {groups.map(([tag, calls]) => (
          <>
            <h2>{tag}</h2>
            <ul>
              {calls.map(({ id, method, path }) => (
                <li>
                  <a href={`#${id}`}>
                    <span class={`method ${method}`}>{method}</span> {short(path)}
                  </a>
                </li>
              ))}
            </ul>
          </>
        ))}
      </nav>
      <div class="calls">
        {groups.map(([tag, calls]) => (
          <section>
            <h2>{tag}</h2>
            {calls.map((call) => (
              <CallEntry document={document} call={call} />
            ))}
          </section>
        ))}
      </div>
    </div>
  );
  return { head, content };
}

function short(path: string): string {
  return path.replace("/api/v1", "");
}

function Introduction({ document }: { document: ApiDocument }) {
  return (
    <header>
      <h1>The API</h1>
      <p class="lead">
        JSON in, JSON out. Success is <code>{"{ data, meta? }"}</code>, an error is{" "}
        <code>{"{ error: { code, message, fields?, requestId } }"}</code>, always.
      </p>
      <p>
        Money is an integer in the currency's minor unit. Times are RFC 3339 in UTC. Every{" "}
        <code>POST</code> takes an <code>Idempotency-Key</code>: the same key and body gets the same
        answer, so a retry never buys twice. The same in a form for programs:{" "}
        <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1, version {document.info.version}).
      </p>
    </header>
  );
}

function CallEntry({ document, call }: { document: ApiDocument; call: Call }) {
  const { id, method, path, operation } = call;
  const body = operation.requestBody?.content["application/json"]?.schema;
  const anyone = operation.security.length === 0;
  const readable = anyone && method === "GET" && !path.includes("{");
  return (
    <article class="call" id={id}>
      <h3>
        <span class={`method ${method}`}>{method}</span> <code>{path}</code>
      </h3>
      <p>
        {operation.summary}.{" "}
        <span class="soft">{anyone ? "For anyone." : "For staff, with an API key."}</span>{" "}
        {readable ? <a href={path}>Try it</a> : null}
      </p>
      <Fields title="Parameters" rows={parameterRows(document, call)} />
      {body === undefined ? null : <Fields title="Body" rows={fieldRows(document, body)} />}
      <Answers document={document} call={call} />
      <details>
        <summary>Example</summary>
        <pre tabindex={0}>
          <code>{curl(document, call)}</code>
        </pre>
      </details>
    </article>
  );
}

function parameterRows(document: ApiDocument, { operation }: Call): FieldRow[] {
  return operation.parameters.map(({ name, in: place, required, description, schema }) => ({
    name,
    type: `${place}, ${typeWords(document, schema)}`,
    required,
    about: description ?? schema.description ?? "",
  }));
}

function Fields({ title, rows }: { title: string; rows: readonly FieldRow[] }) {
  if (rows.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <dl class="fields">
        {rows.map(({ name, type, required, about }) => (
          <div>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              {type}
              {required ? <strong> · required</strong> : null}
              {about === "" ? null : <span class="soft"> · {about}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Answers({ document, call }: { document: ApiDocument; call: Call }) {
  const answers = Object.entries(call.operation.responses).sort(
    ([a], [b]) => Number(a) - Number(b),
  );
  const success = answers.find(([status]) => status.startsWith("2"))?.[1].content?.[
    "application/json"
  ]?.schema;
  const rows = success === undefined ? [] : fieldRows(document, success);
  return (
    <>
      <h4>Answers</h4>
      <ul class="answers">
        {answers.map(([status, { description }]) => (
          <li class={Number(status) < 400 ? "ok" : undefined}>
            <code>{status}</code> {description}
          </li>
        ))}
      </ul>
      {rows.length === 0 ? null : (
        <details>
          <summary>Fields of the answer</summary>
          <Fields title="Answer" rows={rows} />
        </details>
      )}
    </>
  );
}

/** The call as a command line. */
function curl(document: ApiDocument, { method, path, operation }: Call): string {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${document.servers[0]?.url ?? ""}${path}`,
  ];
  if (operation.security.length > 0) lines.push('-H "Authorization: Bearer $API_KEY"');
  if (operation.parameters.some(({ name }) => name === "idempotency-key")) {
    lines.push('-H "Idempotency-Key: $(uuidgen)"');
  }
  const body = operation.requestBody?.content["application/json"]?.schema;
  if (body !== undefined) {
    lines.push('-H "Content-Type: application/json"');
    lines.push(`-d '${JSON.stringify(exampleOf(document, body), null, 2)}'`);
  }
  return lines.join(" \\\n  ");
}
