// npm `graphql-ws`: node ws.mjs ws://HOST/graphql
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { FOLLOW, INVALID, QUERY, say } from "./said.mjs";

const client = createClient({
  url: process.argv[2],
  webSocketImpl: WebSocket,
  retryAttempts: 0,
  keepAlive: 500, // its own pings, which the API answers
});

for await (const { data } of client.iterate({ query: QUERY })) {
  say("query", data.project.acronym);
}
try {
  for await (const _ of client.iterate({ query: INVALID }));
} catch (errors) {
  say("invalid", errors[0].extensions.code);
}
for await (const { data } of client.iterate({ query: FOLLOW })) {
  const change = data.projectChanged;
  say(change.previousRevision === null ? "first" : "second", change.project.acronym);
  if (change.previousRevision !== null) break;
}
await client.dispose();
say("done");
