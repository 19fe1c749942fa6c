import type { HeaderList } from '@lazuli/policies';
import type { ResourceRecord } from '@lazuli/store';
import { armError } from '../errors.ts';

/** `If-Match` and `If-None-Match` of a request. */
export interface Conditions {
  /** `*`, or the etags without quotes. */
  readonly ifMatch?: '*' | readonly string[];
  readonly ifNoneMatch?: '*' | readonly string[];
}

/** @throws {ArmError} `InvalidETag` */
export function readConditions(headers: HeaderList): Conditions {
  return { ifMatch: readTags(headers, 'If-Match'), ifNoneMatch: readTags(headers, 'If-None-Match') };
}

/**
 * Checks the conditions of a write against what is stored.
 * @throws {ArmError} `PreconditionFailed`; `PreconditionRequired` where `required` and no `If-Match` was sent.
 */
export function checkConditions(
  conditions: Conditions,
  id: string,
  existing: ResourceRecord | undefined,
  required = false,
): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (required && ifMatch === undefined) throw armError('PreconditionRequired');
  if (ifMatch !== undefined && (existing === undefined || !includes(ifMatch, existing.etag)))
    throw armError('PreconditionFailed', { condition: 'If-Match', id });
  if (ifNoneMatch !== undefined && existing !== undefined && includes(ifNoneMatch, existing.etag))
    throw armError('PreconditionFailed', { condition: 'If-None-Match', id });
}

/** An etag as it stands in headers. */
export function quotedTag(etag: string): string {
  return `"${etag}"`;
}

/** Whether a GET or HEAD is answered with 304. */
export function isNotModified(conditions: Conditions, etag: string): boolean {
  return conditions.ifNoneMatch !== undefined && includes(conditions.ifNoneMatch, etag);
}

function includes(tags: '*' | readonly string[], etag: string): boolean {
  return tags === '*' || tags.includes(etag);
}

function readTags(headers: HeaderList, header: string): '*' | readonly string[] | undefined {
  const text = headers.getAll(header)?.join(',').trim();
  if (text === undefined || text === '') return undefined;
  if (text === '*' || text === '"*"') return '*';
  const tags = text.split(',').map((part) => {
    const one = part.trim();
    // Quotes are the rule (RFC 9110); some clients of Azure hand back an etag without them.
    const match = /^(?:W\/)?"([^"]*)"$|^([\w+/=.-]+)$/.exec(one);
    if (match === null) throw armError('InvalidETag', { header });
    return (match[1] ?? match[2]) as string;
  });
  return tags;
}
