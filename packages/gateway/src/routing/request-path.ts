/** The target of a request, taken apart for routing. */
export interface RequestTarget {
  /** As sent, but without dot segments: what is forwarded. Begins with `/`. */
  readonly path: string;
  /** Without the `?`; empty when there is none. */
  readonly query: string;
}

/**
 * Splits path and query and resolves `.` and `..` segments (escaped ones too), as .NET's `Uri` does: a path that routes
 * as `/public/*` must not reach the backend as something else. Everything else stays byte for byte.
 */
export function splitTarget(target: string): RequestTarget {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  return { path: resolveDotSegments(path), query: mark < 0 ? '' : target.slice(mark + 1) };
}

/**
 * The path with its escapes decoded so that literals of templates can be compared with it. Segments stay apart: an
 * escaped slash stays escaped. A segment whose escapes are not UTF-8 stays as it is.
 */
export function pathForMatching(path: string): string {
  if (!path.includes('%')) return path;
  return path
    .split('/')
    .map((segment) => {
      if (!segment.includes('%')) return segment;
      try {
        return decodeURIComponent(segment.replace(/%2f/gi, '%252F'));
      } catch {
        return segment;
      }
    })
    .join('/');
}

const mayHoldDots = /\/(?:\.|%2e)/i;
const oneDot = /^(?:\.|%2e)$/i;
const twoDots = /^(?:\.|%2e){2}$/i;

/** RFC 3986 section 5.2.4. */
function resolveDotSegments(path: string): string {
  if (!mayHoldDots.test(path)) return path;
  const segments = path.split('/');
  const kept: string[] = [];
  for (let i = 1; i < segments.length; i++) {
    const segment = segments[i] ?? '';
    const isLast = i === segments.length - 1;
    if (twoDots.test(segment)) {
      kept.pop();
      if (isLast) kept.push('');
    } else if (oneDot.test(segment)) {
      if (isLast) kept.push('');
    } else kept.push(segment);
  }
  return `/${kept.join('/')}`;
}
