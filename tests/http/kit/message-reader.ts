/**
 * Reads messages the way the strictest reader would: no leniency at all, independent of the code under test. What it cannot
 * read is a `problem`, and everything behind that is nobody's message.
 */

export interface ReadMessage {
  /** `POST /a` or `200`. */
  readonly start: string;
  /** Names in lower case. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface ReadMessages {
  readonly messages: readonly ReadMessage[];
  /** Bytes of a message whose end is missing. */
  readonly unfinished: number;
  readonly problem: string | null;
}

export function readRequests(text: string): ReadMessages {
  return readAll(text, /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\/[!-~]*|\*) HTTP\/1\.1$/, ([, method, target], headers) => ({
    start: `${method} ${target}`,
    framing: bodyOf(headers, 0),
  }));
}

/** `methods`: of the requests, in order. A response that ends with the connection takes everything that is left. */
export function readResponses(text: string, methods: readonly string[] = []): ReadMessages {
  let turn = 0;
  return readAll(text, /^HTTP\/1\.1 ([1-5]\d\d) [\t -~\x80-\xff]*$/, ([, status = ''], headers) => {
    if (status.startsWith('1')) return { start: status, framing: 0 };
    const method = methods[turn++];
    const isEmpty = method === 'HEAD' || status === '204' || status === '304';
    return { start: status, framing: isEmpty ? 0 : bodyOf(headers, 'connection') };
  });
}

/** Value of the only field of that name, or null. */
export function fieldOf(message: ReadMessage | undefined, name: string): string | null {
  return message?.headers.find(([one]) => one === name)?.[1] ?? null;
}

type Headers = readonly (readonly [string, string])[];
type Framing = number | 'chunked' | 'connection' | null;

function readAll(
  text: string,
  startLine: RegExp,
  describe: (match: RegExpExecArray, headers: Headers) => { start: string; framing: Framing },
): ReadMessages {
  const messages: ReadMessage[] = [];
  let at = 0;
  while (at < text.length) {
    const unfinished = { messages, unfinished: text.length - at, problem: null };
    const broken = (problem: string) => ({ ...unfinished, problem });
    const headEnd = text.indexOf('\r\n\r\n', at);
    if (headEnd < 0) return unfinished;
    const [line = '', ...fields] = text.slice(at, headEnd).split('\r\n');
    const match = startLine.exec(line);
    if (match === null) return broken(`the start line ${JSON.stringify(line.slice(0, 100))}`);
    const headers: [string, string][] = [];
    for (const field of fields) {
      const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\t\x20-\x7e\x80-\xff]*)$/.exec(field) ?? [];
      if (name === undefined || value === undefined) return broken(`the field ${JSON.stringify(field.slice(0, 100))}`);
      headers.push([name.toLowerCase(), value]);
    }
    const { start, framing } = describe(match, headers);
    const bodyStart = headEnd + 4;
    if (framing === null) return broken(`the framing of ${start}`);
    if (framing === 'connection') {
      messages.push({ start, headers, body: text.slice(bodyStart) });
      break;
    }
    if (framing === 'chunked') {
      const chunked = readChunked(text, bodyStart);
      if (chunked === 'malformed') return broken(`a chunk of ${start}`);
      if (chunked === null) return unfinished;
      messages.push({ start, headers, body: chunked.body });
      at = chunked.end;
    } else {
      if (bodyStart + framing > text.length) return unfinished;
      messages.push({ start, headers, body: text.slice(bodyStart, bodyStart + framing) });
      at = bodyStart + framing;
    }
  }
  return { messages, unfinished: 0, problem: null };
}

function bodyOf(headers: Headers, without: Framing): Framing {
  const lengths = headers.filter(([name]) => name === 'content-length');
  const codings = headers.filter(([name]) => name === 'transfer-encoding');
  if (lengths.length + codings.length > 1) return null;
  if (codings[0] !== undefined) return codings[0][1] === 'chunked' ? 'chunked' : null;
  const length = lengths[0]?.[1];
  if (length === undefined) return without;
  return /^(0|[1-9]\d{0,15})$/.test(length) ? Number(length) : null;
}

function readChunked(text: string, start: number): { body: string; end: number } | 'malformed' | null {
  let at = start;
  let body = '';
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const line = text.slice(at, lineEnd);
    if (!/^[0-9a-fA-F]{1,8}$/.test(line)) return 'malformed';
    const size = Number.parseInt(line, 16);
    at = lineEnd + 2;
    if (size === 0) {
      if (text.startsWith('\r\n', at)) return { body, end: at + 2 };
      const trailersEnd = text.indexOf('\r\n\r\n', at);
      return trailersEnd < 0 ? null : { body, end: trailersEnd + 4 };
    }
    if (at + size + 2 > text.length) return null;
    body += text.slice(at, at + size);
    at += size;
    if (!text.startsWith('\r\n', at)) return 'malformed';
    at += 2;
  }
}
