import { declareType, type TypeDeclaration } from '../declare.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, i) => (count === 1 ? 'T' : `T${i + 1}`));
const parameters = (types: readonly string[]) =>
  types.map((type, i) => `${type} arg${types.length === 1 ? '' : i + 1}`).join(', ');

function func(count: number): TypeDeclaration {
  const types = numbered(count);
  return declareType({
    name: `System.Func<${[...types, 'TResult'].join(', ')}>`,
    kind: 'delegate',
    invoke: `TResult Invoke(${parameters(types)})`,
  });
}

function action(count: number): TypeDeclaration {
  const types = numbered(count);
  return declareType({
    name: count === 0 ? 'System.Action' : `System.Action<${types.join(', ')}>`,
    kind: 'delegate',
    invoke: `void Invoke(${parameters(types)})`,
  });
}

/** Func and Action of up to eight arguments, and the older delegates that List and Array take. */
export const delegateTypes: readonly TypeDeclaration[] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map(func),
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map(action),
  declareType({ name: 'System.Predicate<T>', kind: 'delegate', invoke: 'bool Invoke(T obj)' }),
  declareType({ name: 'System.Comparison<T>', kind: 'delegate', invoke: 'int Invoke(T x, T y)' }),
  declareType({ name: 'System.Converter<TInput, TOutput>', kind: 'delegate', invoke: 'TOutput Invoke(TInput input)' }),
];
