import { ServiceBusError } from '../errors.ts';

/**
 * What Azure says of a filter or an action that it cannot read: line from 1, column from 0, the token, and what was expected in its place.
 */
export function syntaxError(source: string, at: number, token: string, details: string): ServiceBusError {
  const before = source.slice(0, at).split('\n');
  const column = before.at(-1)?.length ?? 0;
  return new ServiceBusError('BadRequest', {
    reason: `There was an error parsing the SQL expression. [Token line=${before.length}, column=${column}, Token in error= ${token}, Additional details= ${details}]`,
  });
}
