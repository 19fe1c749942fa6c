/** Bytes that a client sends over one connection, followed by the end of its side, and what comes of them. */
export interface WireCase {
  readonly name: string;
  /** One character a byte. */
  readonly bytes: string;
  readonly expected: Outcome;
  /** The message has no end: nobody can answer before the client ends its side. */
  readonly isUnfinished?: boolean;
}

export interface Outcome {
  /** Statuses of the responses in order; an empty list: closed without one. */
  readonly answers: readonly number[];
  /** What arrives at the backend: `POST /first 5` (method, target, bytes of the body). */
  readonly backend: readonly string[];
}

export interface Family {
  readonly title: string;
  /** What an attacker gains where this is not refused, in a sentence. */
  readonly danger: string;
  readonly cases: readonly WireCase[];
}

/** A request that is hidden in, or stands behind, the first one. */
export const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
export const post = 'POST /first HTTP/1.1\r\nHost: a\r\n';
export const get = 'GET /first HTTP/1.1\r\nHost: a\r\n';
export const chunkedPost = `${post}Transfer-Encoding: chunked\r\n\r\n`;

/** Answered once with the status, and neither it nor anything behind it reaches the backend. */
export function refused(name: string, bytes: string, status = 400): WireCase {
  return { name, bytes, expected: { answers: [status], backend: [] } };
}

/** Each request reaches the backend as listed and gets a 200. */
export function passed(name: string, bytes: string, ...backend: readonly string[]): WireCase {
  return { name, bytes, expected: { answers: backend.map(() => 200), backend } };
}

export function outcome(name: string, bytes: string, answers: readonly number[], backend: readonly string[]): WireCase {
  return { name, bytes, expected: { answers, backend } };
}

/** Of a case whose message has no end. */
export function unfinished(one: WireCase): WireCase {
  return { ...one, isUnfinished: true };
}
