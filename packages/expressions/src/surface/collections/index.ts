import type { TypeDeclaration } from '../declare.ts';
import { comparerTypes } from './comparers.ts';
import { dictionaryTypes } from './dictionary.ts';
import { collectionInterfaces } from './interfaces.ts';
import { keyValuePairTypes } from './key-value-pair.ts';
import { listType } from './list.ts';
import { setAndQueueTypes } from './sets-and-queues.ts';

/** Namespaces System.Collections and System.Collections.Generic. */
export const collectionsTypes: readonly TypeDeclaration[] = [
  ...collectionInterfaces,
  ...comparerTypes,
  ...keyValuePairTypes,
  listType,
  ...dictionaryTypes,
  ...setAndQueueTypes,
];
