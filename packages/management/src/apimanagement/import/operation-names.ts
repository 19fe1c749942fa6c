import { normaliseOperationName, uniqueOperationName } from '@lazuli/resources';

/** Gives names of operations as Azure's import makes them, each once: `-1`, `-2` … follow one that is taken. */
export function operationNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    const name = uniqueOperationName(normaliseOperationName(wanted) || 'operation', taken);
    taken.add(name);
    return name;
  };
}
