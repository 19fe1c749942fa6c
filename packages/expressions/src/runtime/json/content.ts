import { stepThrough } from '../enumerate.ts';
import type { Uniform } from '../values.ts';
import { JToken } from './token.ts';

/** JContainer.IsMultiContent: an enumerable that is neither text, bytes nor a token. */
export function isMultiContent(content: Uniform): content is object {
  if (typeof content !== 'object' || content === null) return false;
  if (content instanceof JToken || content instanceof Uint8Array) return false;
  return Symbol.iterator in content;
}

export function itemsOf(content: object): Iterable<Uniform> {
  return stepThrough(content);
}
