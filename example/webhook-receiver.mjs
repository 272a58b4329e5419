/**
 * Takes the shop's events, and prints those that are its own: each once, the newest of each thing.
 *
 *   WEBHOOK_SECRET=whsec_… PORT=9000 node example/webhook-receiver.mjs
 *
 * The secret is what POST /api/v1/webhook-endpoints has answered; while it is rotated, either of the two is good.
 */
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const { WEBHOOK_SECRET = "", PORT = "9000" } = process.env;
const webhook = new Webhook(WEBHOOK_SECRET);

/** What was seen before: a shop keeps these in its database. */
const seen = new Set();
const newest = new Map();

createServer(async (request, response) => {
  let body = ""; // the very bytes that were signed; parsed and written again they are others
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  try {
    handle(webhook.verify(body, request.headers));
    response.writeHead(204).end(); // within ten seconds; what takes longer is done after the answer
  } catch (error) {
    response.writeHead(400).end(`${error.message}\n`);
  }
}).listen(Number(PORT), () => console.log(`listening on http://localhost:${PORT}`));

function handle({ id, type, sequence, timestamp, data }) {
  if (seen.has(id)) return; // it comes again where our answer was lost
  seen.add(id);
  const subject = data.sku ?? data.id ?? data.endpointId;
  const late = sequence < (newest.get(subject) ?? 0); // they come in any order
  if (!late) newest.set(subject, sequence);
  const what = data.number === undefined ? subject : `order ${data.number}, ${data.status}`;
  console.log(`${timestamp} ${type} ${what}${late ? " (older than what came before)" : ""}`);
}
