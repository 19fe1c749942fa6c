import { armError } from '../errors.ts';

const mostSegments = 64;

/**
 * Segments of a request path: percent-encoding decoded (once), empty ones dropped, so that `//metadata/endpoints` is
 * `/metadata/endpoints`. An encoded slash separates like any other, since no name holds one: `@azure/arm-locks` encodes whole scopes.
 * @throws {ArmError} `InvalidRequestUri` for broken encoding, control characters, `.` and `..`.
 */
export function pathSegments(path: string): string[] {
  const segments: string[] = [];
  for (const raw of path.split('/')) {
    for (const segment of decode(raw, path).split('/')) {
      if (segment === '') continue;
      const reason = problemOf(segment);
      if (reason !== undefined) throw armError('InvalidRequestUri', { path, reason });
      segments.push(segment);
    }
  }
  if (segments.length > mostSegments)
    throw armError('InvalidRequestUri', { path, reason: `it has more than ${mostSegments} segments` });
  return segments;
}

function decode(raw: string, path: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw armError('InvalidRequestUri', { path, reason: `'${raw}' is not percent-encoded UTF-8` });
  }
}

function problemOf(segment: string): string | undefined {
  if (segment === '.' || segment === '..') return `the segment '${segment}' is not allowed`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(segment)) return 'a segment holds a backslash or a control character';
  if (segment.length > 1024) return 'a segment is longer than 1,024 characters';
  return undefined;
}
