import { Grouping, Lookup } from '../../runtime/lookup.ts';
import { OrderedSequence } from '../../runtime/ordered-sequence.ts';
import { netArray, type Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

/** `IGrouping`, `ILookup` and `IOrderedEnumerable`. */
export const linqInterfaces: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Linq.IGrouping<TKey, TElement>',
    kind: 'interface',
    interfaces: ['System.Collections.Generic.IEnumerable<TElement>'],
    test: (value) => value instanceof Grouping,
    members: { 'TKey Key { get; }': (self: Grouping) => self.key },
  }),
  declareType({
    name: 'System.Linq.ILookup<TKey, TElement>',
    kind: 'interface',
    interfaces: ['System.Collections.Generic.IEnumerable<IGrouping<TKey, TElement>>'],
    test: (value) => value instanceof Lookup,
    members: {
      'int Count { get; }': (self: Lookup) => self.count,
      'bool Contains(TKey key)': (self: Lookup, key: Uniform) => self.find(key) !== undefined,
      'IEnumerable<TElement> this[TKey key] { get; }': (self: Lookup, key: Uniform) =>
        self.find(key) ?? netArray('System.Object', []),
    },
  }),
  declareType({
    name: 'System.Linq.IOrderedEnumerable<TElement>',
    kind: 'interface',
    interfaces: ['System.Collections.Generic.IEnumerable<TElement>'],
    test: (value) => value instanceof OrderedSequence,
  }),
];
