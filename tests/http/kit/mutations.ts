/** The same numbers for the same seed, everywhere (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Changes a message in one to three places, with a taste for what parsers stumble over. */
export function mutate(bytes: string, random: () => number): string {
  let text = bytes;
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
    const change = changes[Math.floor(random() * changes.length)] as Change;
    text = change(text, random);
  }
  return text;
}

/** Changes up to eight bytes, and sometimes where a message is cut. */
export function mutateBytes(bytes: Buffer, random: () => number): Buffer {
  const changed = Buffer.from(bytes);
  for (let times = Math.floor(random() * 8); times > 0; times--)
    changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256);
  if (random() < 0.7) return changed;
  const at = Math.floor(random() * changed.length);
  return random() < 0.5 ? changed.subarray(0, at) : Buffer.concat([changed, changed.subarray(at)]);
}

type Change = (text: string, random: () => number) => string;

const pieces = [
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  '\n\n',
  '\n\r',
  '\t',
  ' ',
  '  ',
  '\0',
  '\x0b',
  '\x7f',
  '\x80',
  '\xff',
  ':',
  ';',
  ',',
  '"',
  '=',
  '#',
  '?',
  '*',
  '//',
  '0',
  '00',
  '-',
  '+',
  '0x',
  'f',
  'ffffffffffffffff',
  'chunked',
  'identity',
  'HTTP/1.0',
  'HTTP/1.1',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Connection: close\r\n',
  'Connection: keep-alive\r\n',
  'Expect: 100-continue\r\n',
  'Host: b\r\n',
  'Upgrade: h2c\r\n',
  '0\r\n\r\n',
  '5\r\nhello\r\n',
  'GET /x HTTP/1.1\r\nHost: a\r\n\r\n',
];

const at = (text: string, random: () => number) => Math.floor(random() * (text.length + 1));
const piece = (random: () => number) => pieces[Math.floor(random() * pieces.length)] as string;

const changes: readonly Change[] = [
  (text, random) => insert(text, at(text, random), piece(random)),
  (text, random) => insert(text, lineBreak(text, random), piece(random)),
  (text, random) => cut(text, at(text, random), 1 + Math.floor(random() * 3)),
  (text, random) => {
    const i = at(text, random);
    return text.slice(0, i) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(i + 1);
  },
  (text, random) => {
    const lines = text.split('\r\n');
    const i = Math.floor(random() * lines.length);
    return [...lines.slice(0, i), lines[i], ...lines.slice(i)].join('\r\n');
  },
  (text, random) => {
    const lines = text.split('\r\n');
    const i = Math.floor(random() * lines.length);
    const j = Math.floor(random() * lines.length);
    const other = lines.with(i, lines[j] as string).with(j, lines[i] as string);
    return other.join('\r\n');
  },
  (text, random) => {
    const i = at(text, random);
    const one = text.charAt(i);
    return text.slice(0, i) + (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase()) + text.slice(i + 1);
  },
  (text, random) => text.replace(/\r\n/g, (end) => (random() < 0.1 ? '\n' : end)),
];

function insert(text: string, i: number, what: string): string {
  return text.slice(0, i) + what + text.slice(i);
}

function cut(text: string, i: number, length: number): string {
  return text.slice(0, i) + text.slice(i + length);
}

/** A position around a line break, where framing is decided. */
function lineBreak(text: string, random: () => number): number {
  const breaks = [...text.matchAll(/\r\n/g)].map(({ index }) => index);
  const one = breaks[Math.floor(random() * breaks.length)] ?? 0;
  return one + Math.floor(random() * 3);
}
