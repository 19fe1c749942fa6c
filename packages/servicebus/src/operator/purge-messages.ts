import { ServiceBusError } from '../errors.ts';
import { numberOf, type OperatorCall } from './operator-http.ts';

/**
 * Deletes at most `count` messages that were enqueued before `before` (ISO 8601; default now). Messages that are locked, scheduled
 * or deferred stay. `deleted` below `count`: nothing more is there to delete.
 */
export async function purgeMessages({ namespace, entity, query, now }: OperatorCall): Promise<object> {
  const count = numberOf(query, 'count', 4000, 4000);
  const text = query.get('before');
  const before = text === null ? now + 1 : Date.parse(text);
  if (Number.isNaN(before))
    throw new ServiceBusError('BadRequest', { reason: "'before' must be a time such as 2026-01-31T12:00:00Z." });
  return { deleted: await namespace.served.source(entity).deleteMessages({ count, before }) };
}
