// Starts GraphiQL on this server's own endpoint, with a first query filled in.

const FIRST_QUERY = `# Where did CONNECTION stand on its last day?
#
# Each target's figures come with their rule
# and with the records that they count.
#
# Press the pink button, or Ctrl-Enter. Then
# try another day, or locale: "en". The book
# on the left explains every type and field.
{
  project(key: "connection") {
    acronym
    revision
    progress(asOf: "2022-12-31") {
      reconciles
      figures {
        target {
          key
          label(locale: "it")
          value
          unit
          rule
        }
        planned
        reported
        verified
        share
        status
        items(first: 20) {
          totalCount
          nodes {
            __typename
            id
            title
            state
            startsOn
          }
        }
      }
    }
  }
}
`;

async function fetcher(operation, options) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json, application/json",
      "content-type": "application/json",
      ...options?.headers,
    },
    body: JSON.stringify(operation),
    credentials: "same-origin",
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    // Not GraphQL's answer: a proxy's page, say, or a limit's plain line.
    return { errors: [{ message: `HTTP ${response.status}: ${text.slice(0, 500)}` }] };
  }
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: FIRST_QUERY,
    defaultEditorToolsVisibility: false,
  }),
);
