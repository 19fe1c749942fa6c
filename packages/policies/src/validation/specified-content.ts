import type { Representation } from '@lazuli/resources';
import type { Exchange } from '../exchange.ts';
import { mediaTypeOf } from '../message/media-type.ts';

/** The body that the operation's specification describes for a content type, or undefined. A range (`text/*`) describes all of its types. */
export function representationOf(
  exchange: Exchange,
  which: 'request' | 'response',
  contentType: string,
): Representation | undefined {
  const { operation } = exchange.match;
  const described =
    which === 'request'
      ? operation.request.representations
      : (operation.responses.find(({ statusCode }) => statusCode === exchange.response?.status)?.representations ?? []);
  return (
    described.find((one) => mediaTypeOf(one.contentType) === contentType) ??
    described.find((one) => isRangeOf(mediaTypeOf(one.contentType), contentType))
  );
}

function isRangeOf(range: string, contentType: string): boolean {
  if (range === '*/*') return true;
  return range.endsWith('/*') && contentType.startsWith(range.slice(0, -1));
}
