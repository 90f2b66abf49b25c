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

const PROPOSAL_QUERY = `# A proposal that waits for an answer: read it, then accept it or decline it.
query Proposal {
  node(id: "PROPOSAL") {
    ... on Proposal {
      state
      kind
      until
      reason
      output { id key }
      starts
      ends
      organisation { key name }
      changes { field from to }
    }
  }
}

mutation Accept {
  acceptProposal(input: { id: "PROPOSAL" }) {
    proposal { state }
    userErrors { code message }
  }
}

mutation Decline {
  declineProposal(input: { id: "PROPOSAL", reason: "" }) {
    proposal { state }
    userErrors { code message }
  }
}
`;

// What is not GraphQL's answer is shown as an error: a proxy's page, say, or a limit's plain line.
async function answer(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `HTTP ${response.status}: ${text.slice(0, 500)}` }] };
  }
}

// Subscriptions go over a WebSocket, by the client that comes with GraphiQL.
const socket = new URL("/graphql", location.href);
socket.protocol = socket.protocol === "https:" ? "wss:" : "ws:";

const ask = GraphiQL.createFetcher({
  url: "/graphql",
  headers: { accept: "application/graphql-response+json, application/json" },
  enableIncrementalDelivery: false,
  subscriptionUrl: socket.href,
  async fetch(url, options) {
    const response = await fetch(url, { ...options, credentials: "same-origin" });
    return { json: () => answer(response) };
  },
});

// Whether it is a subscription is read from what is sent: what GraphiQL says of the document lags
// behind the editor.
function fetcher(operation, options) {
  let documentAST = null;
  try {
    documentAST = GraphiQL.GraphQL.parse(operation.query);
  } catch {
    // The server says what is wrong with it.
  }
  return ask(operation, { ...options, documentAST });
}

// A mail links to a proposal: its question and both answers stand in the editor, and nothing is sent.
const proposal = new URLSearchParams(location.search).get("proposal");
const isId = /^[A-Za-z0-9_-]+$/.test(proposal ?? "");
const asked = isId ? { initialQuery: PROPOSAL_QUERY.replaceAll("PROPOSAL", proposal) } : {};

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: FIRST_QUERY,
    ...asked,
    defaultEditorToolsVisibility: false,
  }),
);
