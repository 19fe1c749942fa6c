import { isDeepStrictEqual } from 'node:util';
import type { EntityDefinition } from '../contract.ts';

/** Whether a definition says nothing new. Mostly it is the same object, or rules are. */
export function sameDefinition(one: EntityDefinition, other: EntityDefinition): boolean {
  return one === other || isDeepStrictEqual(one, other);
}
