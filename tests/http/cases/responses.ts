/** What a backend answers to `GET /first`, and what the client gets of it. */
export interface ResponseCase {
  readonly name: string;
  readonly method?: 'HEAD';
  /** One character a byte. */
  readonly bytes: string;
  /** The backend closes its side behind the bytes. */
  readonly closes?: boolean;
  readonly expected: ResponseOutcome;
  /** Over the reference implementation, where that differs. */
  readonly node?: ResponseOutcome & { readonly why: string };
}

/** The status; `body` when it is the backend's; `cut`: the client sees that the end is missing. */
export interface ResponseOutcome {
  readonly status: number;
  readonly body?: string;
  readonly cut?: true;
}

const stolen = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nSTOLEN';
const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
/** The gateway's own answer to a response that it does not trust. */
const distrusted: ResponseOutcome = { status: 500 };

const badHeads: readonly (readonly [string, string])[] = [
  ['Content-Length and Transfer-Encoding', `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['Transfer-Encoding and Content-Length', `${ok}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`],
  ['two Content-Lengths that differ', `${ok}Content-Length: 5\r\nContent-Length: 2\r\n\r\nhello`],
  ['two Content-Lengths that agree', `${ok}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`],
  ['a list as Content-Length', `${ok}Content-Length: 5, 5\r\n\r\nhello`],
  ['a signed Content-Length', `${ok}Content-Length: +5\r\n\r\nhello`],
  ['a negative Content-Length', `${ok}Content-Length: -5\r\n\r\nhello`],
  ['a hexadecimal Content-Length', `${ok}Content-Length: 0x5\r\n\r\nhello`],
  ['an empty Content-Length', `${ok}Content-Length:\r\n\r\nhello`],
  ['a Content-Length beyond 64 bits', `${ok}Content-Length: 18446744073709551621\r\n\r\nhello`],
  ['two Transfer-Encodings', `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunked, identity', `${ok}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  ['gzip, chunked', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['chunkedchunked', `${ok}Transfer-Encoding: chunkedchunked\r\n\r\n0\r\n\r\n`],
  ['an empty Transfer-Encoding', `${ok}Transfer-Encoding:\r\n\r\nhello`],
  ['a vertical tab before chunked', `${ok}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`],
  ['a chunked HTTP/1.0 response', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['bare LF as line ends', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
  ['a bare LF behind the status line', 'HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok'],
  ['a bare LF behind a field', `${ok}X-A: 1\nContent-Length: 2\r\n\r\nok`],
  ['a bare CR behind a field', `${ok}X-A: 1\rContent-Length: 2\r\n\r\nok`],
  ['a NUL in a value', `${ok}X-A: 1\x00\r\nContent-Length: 2\r\n\r\nok`],
  ['a folded value', `${ok}X-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\nok`],
  ['a folded Transfer-Encoding', `${ok}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
  ['a space before the colon', `${ok}Content-Length : 2\r\n\r\nok`],
  ['a field without a colon', `${ok}X-A\r\nContent-Length: 2\r\n\r\nok`],
  ['a field without a name', `${ok}: 1\r\nContent-Length: 2\r\n\r\nok`],
  ['a space before the first field', `${ok} Content-Length: 2\r\n\r\nok`],
  ['a space in front', ` ${ok}Content-Length: 2\r\n\r\nok`],
  ['an empty line in front', `\r\n${ok}Content-Length: 2\r\n\r\nok`],
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['HTP', 'HTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['HTTP/2.0', 'HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['HTTP/1.2', 'HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['HTTP/11.1', 'HTTP/11.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a tab behind the version', 'HTTP/1.1\t200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['two spaces behind the version', 'HTTP/1.1  200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a status below 100', 'HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a status that is no number', 'HTTP/1.1 2x0 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a NUL in the reason phrase', 'HTTP/1.1 200 O\x00K\r\nContent-Length: 2\r\n\r\nok'],
  ['a bare CR in the reason phrase', 'HTTP/1.1 200 O\rK\r\nContent-Length: 2\r\n\r\nok'],
  ['a field of 100,000 bytes', `${ok}X-A: ${'a'.repeat(100_000)}\r\nContent-Length: 2\r\n\r\nok`],
  ['204 that announces content', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello'],
  ['204 that is chunked', 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  [
    '1xx that announces content',
    `HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\nhello${ok}Content-Length: 2\r\n\r\nok`,
  ],
  [
    '1xx that is chunked',
    `HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${ok}Content-Length: 2\r\n\r\nok`,
  ],
  ['a flood of 1xx', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(3000)],
  [
    '101 that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  ],
];

/** The head is good; what is wrong shows when part of the answer is on its way already. */
const badBodies: readonly (readonly [string, string])[] = [
  ['a chunk size with 0x', `${chunked}0x5\r\nhello\r\n0\r\n\r\n`],
  ['a chunk size with a space behind', `${chunked}5 \r\nhello\r\n0\r\n\r\n`],
  ['a bare LF behind a chunk size', `${chunked}5\nhello\r\n0\r\n\r\n`],
  ['a bare LF in a chunk extension', `${chunked}5;a\nhello\r\n0\r\n\r\n`],
  ['a bare LF behind a chunk', `${chunked}5\r\nhello\n0\r\n\r\n`],
  ['nothing behind a chunk', `${chunked}5\r\nhello0\r\n\r\n`],
  ['a chunk longer than its size', `${chunked}3\r\nhello\r\n0\r\n\r\n`],
  ['a negative chunk size', `${chunked}-5\r\nhello\r\n0\r\n\r\n`],
  ['a chunk size beyond 64 bits', `${chunked}10000000000000005\r\nhello\r\n0\r\n\r\n`],
  ['a bare LF in the trailers', `${chunked}0\r\nX: 1\nY: 2\r\n\r\n`],
];

const cutShort = { status: 200, cut: true } as const;
const passedOn =
  'Its client hands the head over before the first byte of the body is read, so that the client sees an answer that is cut short.';
const noContent =
  'Its client takes a response that can have no content for complete whatever follows, and closes the connection.';
const lenient = 'Its parser lets it pass; the client gets a message of the gateway either way.';

const nodeHeads: Readonly<Record<string, ResponseCase['node']>> = {
  'a chunked HTTP/1.0 response': { status: 200, body: '', why: lenient },
  'an empty line in front': { status: 200, body: 'ok', why: lenient },
  'HTTP/2.0': { status: 200, body: 'ok', why: lenient },
  '204 that announces content': { status: 204, body: '', why: noContent },
  '204 that is chunked': { status: 204, body: '', why: noContent },
  'a flood of 1xx': { status: 500, why: 'Its client has no limit on them: the time limit of the request ends it.' },
};

export const responseCases: readonly ResponseCase[] = [
  ...badHeads.map(([name, bytes]) => ({ name, bytes, expected: distrusted, node: nodeHeads[name] })),
  ...badBodies.map(([name, bytes]) => ({ name, bytes, expected: distrusted, node: { ...cutShort, why: passedOn } })),
  {
    name: 'two responses in one',
    bytes: `${ok}Content-Length: 2\r\n\r\nok${stolen}`,
    expected: { status: 200, body: 'ok' },
  },
  {
    name: 'two responses in one, chunked',
    bytes: `${chunked}2\r\nok\r\n0\r\n\r\n${stolen}`,
    expected: { status: 200, body: 'ok' },
  },
  {
    name: 'a hundred responses in one',
    bytes: `${ok}Content-Length: 2\r\n\r\nok${stolen.repeat(100)}`,
    expected: { status: 200, body: 'ok' },
  },
  {
    name: 'a body behind a length of zero',
    bytes: `${ok}Content-Length: 0\r\n\r\n${stolen}`,
    expected: { status: 200, body: '' },
  },
  {
    name: 'a body behind 204',
    bytes: `HTTP/1.1 204 No Content\r\n\r\n${stolen}`,
    expected: distrusted,
    node: { status: 204, body: '', why: noContent },
  },
  {
    name: 'a body behind 304',
    bytes: `HTTP/1.1 304 Not Modified\r\nContent-Length: ${stolen.length}\r\n\r\n${stolen}`,
    expected: distrusted,
    node: { status: 304, body: '', why: noContent },
  },
  {
    name: 'a body behind the answer to HEAD',
    method: 'HEAD',
    bytes: `${ok}Content-Length: ${stolen.length}\r\n\r\n${stolen}`,
    expected: distrusted,
    node: { status: 200, body: '', why: noContent },
  },
  {
    name: 'a chunked body behind the answer to HEAD',
    method: 'HEAD',
    bytes: `${chunked}2\r\nok\r\n0\r\n\r\n`,
    expected: distrusted,
    node: { status: 200, body: '', why: noContent },
  },
  {
    name: 'a few bytes behind the body',
    bytes: `${ok}Content-Length: 2\r\n\r\nok\r\n\r\n`,
    expected: { status: 200, body: 'ok' },
  },
  {
    name: 'a length that is shorter than the body',
    bytes: `${ok}Content-Length: 2\r\n\r\nokSTOLEN`,
    expected: { status: 200, body: 'ok' },
  },
  {
    name: 'a body that ends too early',
    bytes: `${ok}Content-Length: 20\r\n\r\nhello`,
    closes: true,
    expected: { status: 200, cut: true },
  },
  {
    name: 'a chunked body that ends too early',
    bytes: `${chunked}5\r\nhello\r\n`,
    closes: true,
    expected: { status: 200, cut: true },
  },
  {
    name: 'a chunked body without its last line',
    bytes: `${chunked}5\r\nhello\r\n0\r\n`,
    closes: true,
    expected: { status: 200, cut: true },
  },
  { name: 'a head that ends too early', bytes: `${ok}Content-Le`, closes: true, expected: distrusted },
  { name: 'nothing', bytes: '', closes: true, expected: distrusted },
  {
    name: 'a body up to the end of the connection',
    bytes: `${ok}X-A: 1\r\n\r\nhello`,
    closes: true,
    expected: { status: 200, body: 'hello' },
  },
  {
    name: 'a body up to the end that looks like a response',
    bytes: `${ok}X-A: 1\r\n\r\n${stolen}`,
    closes: true,
    expected: { status: 200, body: stolen },
  },
  {
    name: 'HTTP/1.0 kept alive without a length',
    bytes: `HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n${stolen}`,
    closes: true,
    expected: { status: 200, body: stolen },
  },
  {
    name: 'a few 1xx',
    bytes: `${'HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n'.repeat(3)}${ok}Content-Length: 2\r\n\r\nok`,
    expected: { status: 200, body: 'ok' },
  },
  {
    name: '100 that nobody waits for',
    bytes: `HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 2\r\n\r\nok`,
    expected: { status: 200, body: 'ok' },
    node: { ...distrusted, why: 'Its client refuses a 100 that it has not asked for.' },
  },
  {
    name: 'no reason phrase',
    bytes: 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok',
    expected: { status: 200, body: 'ok' },
  },
  {
    name: 'an empty reason phrase',
    bytes: 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok',
    expected: { status: 200, body: 'ok' },
  },
  {
    name: 'an Upgrade that is only announced',
    bytes: `${ok}Upgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 2\r\n\r\nok`,
    expected: { status: 200, body: 'ok' },
  },
  {
    name: 'a field that only begins like Content-Length',
    bytes: `${ok}Content-Length-X: 0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    expected: { status: 200, body: 'ok' },
  },
  {
    name: 'chunk extensions',
    bytes: `${chunked}2;a=b;c="d"\r\nok\r\n0;e\r\n\r\n`,
    expected: { status: 200, body: 'ok' },
  },
  {
    name: 'a stolen response inside the body',
    bytes: `${ok}Content-Length: ${stolen.length}\r\n\r\n${stolen}`,
    expected: { status: 200, body: stolen },
  },
];
