// npm `graphql-sse`: node sse.mjs http://HOST/graphql
import { createClient } from "graphql-sse";
import { FOLLOW, INVALID, QUERY, say } from "./said.mjs";

const client = createClient({ url: process.argv[2], singleConnection: false, retryAttempts: 0 });

for await (const { data } of client.iterate({ query: QUERY })) {
  say("query", data.project.acronym);
}
for await (const { errors } of client.iterate({ query: INVALID })) {
  say("invalid", errors[0].extensions.code);
}
for await (const { data } of client.iterate({ query: FOLLOW })) {
  const change = data.projectChanged;
  say(change.previousRevision === null ? "first" : "second", change.project.acronym);
  if (change.previousRevision !== null) break;
}
client.dispose();
say("done");
