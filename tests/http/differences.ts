/** Who else reads the same bytes. */
export type Other = 'node' | 'nginx';

export interface Difference {
  readonly others: readonly Other[];
  /**
   * What comes first behind the answers that are alike, ours in front: `400 > accepted`, `accepted > 400`, `505 > 400`;
   * `nothing` for a connection that ends there.
   */
  readonly change: RegExp;
  /** Only of messages like this. */
  readonly bytes?: RegExp;
  readonly reason: string;
}

const refusal = /^(400|431) > accepted/;

/** Every way in which Lazuli's listener reads bytes otherwise than node:http and nginx, and why. The first that fits counts. */
export const differences: readonly Difference[] = [
  // Ours accepts, the other refuses: there must be no rule of HTTP that the message breaks.
  {
    others: ['nginx'],
    change: /^accepted > 400/,
    bytes: /OPTIONS \*/,
    reason: 'nginx does not know OPTIONS * (RFC 9110, section 9.3.7).',
  },
  {
    others: ['node', 'nginx'],
    change: /^accepted of an unknown method > (400|nothing)/,
    reason: 'Any token is a method (RFC 9110, section 9.1). node:http knows a fixed list, nginx only upper case.',
  },
  {
    others: ['node'],
    change: /^accepted > nothing/,
    bytes: /upgrade/i,
    reason:
      'node:http stops reading at an Upgrade, although it does not take it up; ours reads on, as RFC 9110 has it.',
  },
  {
    others: ['node'],
    change: /^accepted > (nothing|400)/,
    bytes: /HTTP\/1\.0/,
    reason: 'node:http closes a connection of HTTP/1.0 behind a response without a length, kept alive or not.',
  },
  {
    others: ['node'],
    change: /^accepted > 400/,
    reason:
      'node:http writes its 400 for what is broken behind a request (bytes behind Connection: close, fields of framing among trailers) in place of the answer that is due; ours answers first.',
  },
  {
    others: ['node'],
    change: /^accepted > accepted/,
    bytes: /^\r?\n?[A-Z]+ http:/im,
    reason: 'An absolute target is reduced to its path once its host agrees with Host; node:http hands it on as sent.',
  },

  // The other accepts, ours refuses.
  {
    others: ['node', 'nginx'],
    change: /^417 > accepted/,
    bytes: /expect/i,
    reason:
      'An Expect of anything but 100-continue is refused; node:http looks for it anywhere in the value, nginx not at all.',
  },
  {
    others: ['node'],
    change: /^501 > accepted/,
    bytes: /TRACE/,
    reason: 'TRACE sends a request back with everything that it carries, credentials too. It is not served.',
  },
  {
    others: ['node', 'nginx'],
    change: /^431 > accepted/,
    reason: 'More than 200 fields are refused.',
  },
  {
    others: ['node'],
    change: /^505 > accepted/,
    reason: 'node:http takes a request line without a version for HTTP/0.9, which nobody has spoken for decades.',
  },
  {
    others: ['nginx'],
    change: /^505 > accepted/,
    bytes: /HTTP\/1\.[2-9]/,
    reason: 'nginx takes every HTTP/1.x for HTTP/1.1; nobody has said what a later one means.',
  },
  {
    others: ['node', 'nginx'],
    change: refusal,
    bytes: /transfer-encoding/i,
    reason:
      'A Transfer-Encoding is exactly `chunked`, once, without a length beside it, on HTTP/1.1, with spaces alone around it, and chunks end where they say. The others take lists, other white space or HTTP/1.0, or drop a field whose name they dislike.',
  },
  {
    others: ['node', 'nginx'],
    change: refusal,
    bytes: /content[^\n]{0,3}length/i,
    reason:
      'A Content-Length is digits, once, with spaces alone around it and at most 2^53 - 1. The others allow tabs or more digits, or drop a field whose name they dislike.',
  },
  {
    others: ['node', 'nginx'],
    change: refusal,
    bytes: /[^\r]\n|\r[^\n]|^[\r\n]/,
    reason:
      'A line ends with CR LF and nothing else, and at most one empty line stands before a request. RFC 9112, section 2.2 allows more, and smuggling lives from that.',
  },
  {
    others: ['nginx'],
    change: refusal,
    bytes: /(^|\n)[^\n:]*[^!#$%&'*+.^_`|~0-9A-Za-z\n-][^\n:]*:|(^|\n)[^:\n]+\r\n|(^|\n):/,
    reason: 'A field name is a token directly in front of its colon; nginx drops other fields and serves the rest.',
  },
  {
    others: ['node', 'nginx'],
    change: refusal,
    reason:
      'There is one Host, a host name with an optional port, that agrees with the target; a target is a path or an absolute URL of this listener; single spaces part the request line.',
  },
  {
    others: ['node', 'nginx'],
    change: /^nothing > (accepted|4\d\d)/,
    reason:
      'The others read on behind some of the requests that they refuse, and behind a handshake that they take for an ordinary request. Ours reads nothing behind either.',
  },

  // Both refuse, with another status or none.
  {
    others: ['node', 'nginx'],
    change: /^(\d{3}|nothing|half an answer|no HTTP\/1\.1) > (\d{3}|nothing|half an answer|no HTTP\/1\.1)$/,
    reason: 'Both refuse; the codes for it differ, and some close without one.',
  },
];

/** `400 > accepted`: what comes first behind the answers that are alike, or null. */
export function changeBetween(ours: readonly string[], theirs: readonly string[]): string | null {
  let same = 0;
  while (same < ours.length && ours[same] === theirs[same]) same++;
  if (same === ours.length && same === theirs.length) return null;
  return `${summary(ours[same])} > ${summary(theirs[same])}`;
}

export function isAccepted(reading: string): boolean {
  return /^\S+ \S+ \d+$/.test(reading);
}

/** Is it a method of RFC 9110, or PATCH? */
export function hasKnownMethod(reading: string): boolean {
  return /^(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT|TRACE) /.test(reading);
}

export function explain(other: Other, change: string, bytes: string): Difference | undefined {
  return differences.find(
    (one) =>
      one.others.includes(other) && one.change.test(change) && (one.bytes === undefined || one.bytes.test(bytes)),
  );
}

function summary(reading: string | undefined): string {
  if (reading === undefined) return 'nothing';
  if (!isAccepted(reading)) return reading;
  return hasKnownMethod(reading) ? 'accepted' : 'accepted of an unknown method';
}
