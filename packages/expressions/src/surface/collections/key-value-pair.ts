import { KeyValuePair } from '../../runtime/key-value-pair.ts';
import { toStringOf } from '../../runtime/object.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

export const keyValuePairTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Collections.Generic.KeyValuePair<TKey, TValue>',
    kind: 'struct',
    members: {
      'new(TKey key, TValue value)': (key: Uniform, value: Uniform) => new KeyValuePair(key, value),
      'TKey Key { get; }': (self: KeyValuePair) => self.key,
      'TValue Value { get; }': (self: KeyValuePair) => self.value,
      'string ToString()': (self: KeyValuePair) => toStringOf(self),
    },
  }),
  declareType({
    name: 'System.Collections.Generic.KeyValuePair',
    kind: 'static',
    members: {
      'static KeyValuePair<TKey, TValue> Create<TKey, TValue>(TKey key, TValue value)': (
        key: Uniform,
        value: Uniform,
      ) => new KeyValuePair(key, value),
    },
  }),
];
