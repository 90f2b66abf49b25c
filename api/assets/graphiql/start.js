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

const CHALLENGE_QUERY = `# A challenge that your city put to its peers: read what they advised, and say what came of it.
query Challenge {
  project(key: "PROJECT") {
    partner(key: "CITY") {
      challengesPosed {
        id
        body
        background
        questions { body who by { key } }
        advice { id body who by { key } uptake { decision reason } }
        outcome
      }
    }
  }
}

mutation SayOutcome {
  editLearning(input: { id: "CHALLENGE", outcome: "" }) {
    learning { outcome outcomeSince }
    userErrors { field code message }
  }
}

# Of each advice: whether you take it up, and where.
mutation TakeUp {
  markAdvice(input: { id: "", uptake: TAKEN_UP, plan: "", measure: "", uptakeReason: "" }) {
    advice { uptake { decision plan { key } measure { title } reason } }
    userErrors { field code message }
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
// So it is with a challenge of which a city is asked what came of it, and with the questions of the list.
const given = new URLSearchParams(location.search);
const isId = (id) => /^[A-Za-z0-9_-]+$/.test(id ?? "");

function initialQuery() {
  const [proposal, challenge] = [given.get("proposal"), given.get("challenge")];
  if (isId(proposal)) return PROPOSAL_QUERY.replaceAll("PROPOSAL", proposal);
  const [project, city] = [given.get("project"), given.get("city")];
  if ([challenge, project, city].every(isId)) {
    const words = { CHALLENGE: challenge, PROJECT: project, CITY: city };
    return CHALLENGE_QUERY.replace(/"(CHALLENGE|PROJECT|CITY)"/g, (_, word) => `"${words[word]}"`);
  }
  return QUESTIONS.find(([name]) => name === given.get("question"))?.[1];
}

const query = initialQuery();
const asked = query ? { query } : {};

// The title of a question is its first line, a comment.
const list = document.querySelector("#questions select");
const titles = QUESTIONS.map(([name, text]) => [name, text.split("\n")[0].replace(/^#\s*/, "")]);
for (const [name, title] of [["", "Where did CONNECTION stand on its last day?"], ...titles]) {
  const isChosen = name === (given.get("question") ?? "");
  list.append(new Option(title, name, isChosen, isChosen));
}
list.addEventListener("change", () => {
  location.search = list.value ? `?question=${list.value}` : "";
});

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: FIRST_QUERY,
    ...asked,
    defaultEditorToolsVisibility: false,
  }),
);
