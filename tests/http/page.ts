import { families } from './cases/families.ts';
import { http2Cases } from './cases/http2.ts';
import { nodeDifferences } from './cases/node-differences.ts';
import { parserRequests } from './cases/parser-requests.ts';
import { parserResponses } from './cases/parser-responses.ts';
import { responseCases } from './cases/responses.ts';
import type { Family, Outcome } from './cases/wire-case.ts';
import { differences } from './differences.ts';

/** The whole of docs/http-security.md: words of its own, and the case tables that the tests run. */
export function httpSecurityPage(): string {
  return [
    introduction(),
    '## Requests',
    'Each of these runs byte by byte through a whole gateway to a backend whose every byte is recorded, over both implementations (`--http sockets`, the default, and `--http node`). Behind almost every message stands a hidden request; it must never arrive.',
    ...families.map(familySection),
    '## Answers of a backend',
    'A response whose end two readers could see in different places is not trusted: the client gets a 500 of the gateway, the connection to the backend is closed, and what it has sent besides is nobody’s answer. The next clients get their own answers; each case checks that with three of them.',
    outcomeList(responseGroups()),
    '## HTTP/2',
    'HTTP/2 is read by `node:http2` (nghttp2) between checks of Lazuli’s own: of the frames before it, which it takes too lightly (closed streams, PRIORITY, acknowledgements of PINGs that nobody sent), and of the requests behind it. These frames are sent one by one.',
    outcomeList(http2Groups()),
    '## Where others read otherwise',
    'The same bytes, and thousands of mutations of them, go to Lazuli’s listener, to `node:http` and to nginx. Lazuli accepts nothing that both others refuse, except methods that they do not know, and never sees the end of a message elsewhere than another reader that accepts it. A difference that is not in this table fails the test.',
    differenceTable(),
    '## Where the implementation over node:http differs',
    'Over `--http node`, too, the backend reads exactly the requests that the gateway has read and answered. It forgives more:',
    nodeTable(),
    suites(),
  ].join('\n\n');
}

function introduction(): string {
  return `# HTTP: what is refused, and how

Lazuli reads HTTP/1.1 with a parser of its own. Two rules make it worth having:

1. **What two readers could understand differently is refused**, not repaired: a request hidden in another one lives from
   exactly that. The answer is an error and the end of the connection; nothing that stands behind a refused message is read.
2. **Nothing is passed on as it came.** The gateway writes request line, framing and connection headers anew for the backend
   and for the client. Whatever a client calls the length of its body, the backend reads the length that was counted.

A refusal looks like \`{ "statusCode": 400, "message": "Bad request: ..." }\`, says \`Connection: close\`, and is in the access log.

## Limits

| | limit | answer beyond it |
|---|---|---|
| request target | 16 KiB | 414 |
| header fields of a request together | 32 KiB | 431 |
| number of header fields | 200 | 431 |
| method | 32 characters | 400 |
| chunk extensions of one body together | 16 KiB | 413 |
| trailers of a request | as header fields | 431 |
| time until the head is complete | 30 s | 408 |
| time until the request is complete | 300 s | 408 |
| connection without a request | 240 s | closed |
| connections | 10,000 | 503 |
| pipelined requests that are looked at | 32 | the rest waits unread |
| header fields of a backend’s response together | 64 KiB | 500 |
| informational responses before one that counts | 1,024 | 500 |
| HTTP/2 streams at a time | 100 | \`REFUSED_STREAM\` |

Bodies are never held in memory as a whole unless a policy reads them: who reads slowly holds back who sends.

This page is written from the tables of the tests in \`tests/http\` (\`node tests/http/write-page.ts\`); a test compares the two.`;
}

function familySection({ title, danger, cases }: Family): string {
  const groups = new Map<string, string[]>();
  for (const { name, expected } of cases) add(groups, answerOf(expected), name);
  return [`### ${title}`, danger, outcomeList(groups)].join('\n\n');
}

function answerOf({ answers, backend }: Outcome): string {
  if (answers.length === 0) return 'Closed without an answer';
  const refusal = answers.find((status) => status >= 400);
  if (answers.length === 1 && refusal !== undefined && backend.length === 0)
    return `Answered with ${refusal}, not passed on`;
  if (refusal !== undefined) return 'Each answered for itself, in order';
  return 'Passed on, read alike by everybody';
}

function responseGroups(): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { name, expected } of responseCases) {
    const { status, cut } = expected;
    add(
      groups,
      cut ? 'Passed on, and cut off where the backend stopped' : status === 500 ? 'Answered with 500' : 'Passed on',
      name,
    );
  }
  return groups;
}

function http2Groups(): Map<string, string[]> {
  const titles = {
    connection: 'The connection ends',
    stream: 'The request is not served',
    dropped: 'The field reaches nobody',
    ok: 'Served',
  };
  const groups = new Map<string, string[]>();
  for (const { name, expected } of http2Cases) add(groups, titles[expected], name);
  return groups;
}

function add(groups: Map<string, string[]>, key: string, name: string): void {
  const names = groups.get(key) ?? [];
  names.push(name);
  groups.set(key, names);
}

function outcomeList(groups: ReadonlyMap<string, readonly string[]>): string {
  return [...groups]
    .map(([answer, names]) => `- **${answer}** (${names.length}): ${names.map(inMarkdown).join('; ')}.`)
    .join('\n');
}

function differenceTable(): string {
  const rows = differences.map(({ others, change, reason }) => {
    const [ours = '', theirs = ''] = change.source.split(' > ');
    return `| ${others.join(', ')} | ${sides(ours)} | ${sides(theirs)} | ${inMarkdown(reason)} |`;
  });
  return ['| reader | ours | theirs | why |', '|---|---|---|---|', ...rows].join('\n');
}

/** `^(400|431)` as `400, 431`. */
function sides(pattern: string): string {
  return inMarkdown(
    pattern
      .replaceAll('\\d{3}', 'a status')
      .replaceAll('4\\d\\d', '4xx')
      .replaceAll(/[\^$()\\]/g, '')
      .split('|')
      .join(', '),
  );
}

function nodeTable(): string {
  const rows = nodeDifferences.map(
    ({ why, cases }) => `| ${Object.keys(cases).map(inMarkdown).join('; ')} | ${inMarkdown(why)} |`,
  );
  const responses = new Map<string, string[]>();
  for (const { name, node } of responseCases) if (node) add(responses, node.why, name);
  const more = [...responses].map(
    ([why, names]) => `| answers: ${names.map(inMarkdown).join('; ')} | ${inMarkdown(why)} |`,
  );
  return ['| case | why |', '|---|---|', ...rows, ...more].join('\n');
}

function suites(): string {
  const requests = Object.values(parserRequests).reduce((sum, cases) => sum + cases.length, 0);
  return `## How it is tested

| suite | what it does |
|---|---|
| \`smuggling.test.ts\` | the requests above, through a whole gateway |
| \`response-desync.test.ts\` | the answers of backends above, through a whole gateway |
| \`header-hygiene.test.ts\` | headers of a connection stay on it; line breaks from policies reach nobody |
| \`differential.test.ts\` | the same bytes to node:http and nginx |
| \`parser-cases.test.ts\` | ${requests} requests and ${parserResponses.length} responses in the situations that llhttp’s suite covers |
| \`h1spec.test.ts\` | the checks of uNetworking/h1spec |
| \`http2.test.ts\` | ${http2Cases.length} situations of RFC 9113 and 7541, and floods |
| \`http2-backend.test.ts\` | backends that answer in frames of HTTP/2, right and wrong |
| \`websocket.test.ts\`, \`websocket-frames.test.ts\` | what an intermediary must leave alone: messages, frames, close codes, halves of a connection |
| \`exhaustion.test.ts\` | slow, endless and deaf clients, floods: memory is measured, others are served |
| \`fuzz.test.ts\` | five seconds of mutations with a fixed seed |

\`npm run fuzz -- MINUTES [SEED]\` goes on for as long as you like; it prints its seed, which makes the same messages again.

\`node tests/http/run-h2spec.ts [--tls]\` runs h2spec where that program is on the \`PATH\`. Neither npm nor Debian has it; on
2026-11-25 its 146 cases, transcribed from the source and built with Debian's Go packages, gave:

| listener | passed | not passed |
|---|---|---|
| TLS | 145 | 6.9.1/3: a stream whose window is raised above 2^31-1 takes its connection with it (FLOW_CONTROL_ERROR), where it should be reset alone: nghttp2 of Node 24 |
| plain port | 144 | the same; 3.5/2: what begins with no preface is HTTP/1.1 there, and is answered with 400 |
`;
}

function inMarkdown(text: string): string {
  return text.replaceAll(/[\\*_|<>[\]]/g, (one) => `\\${one}`);
}
