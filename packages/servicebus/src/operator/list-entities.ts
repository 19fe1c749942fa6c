import type { EntityRecord, ServedNamespace } from '../contract.ts';
import type { OperatorCall } from './operator-http.ts';

/** All queues, topics and subscriptions with the number of their messages. */
export async function listEntities({ namespace: { directory, served } }: OperatorCall): Promise<object> {
  const entities: object[] = [];
  for (const queue of await directory.list('queue')) entities.push(rowOf(served, queue));
  for (const topic of await directory.list('topic')) {
    entities.push(rowOf(served, topic));
    for (const subscription of await directory.subscriptions(topic.path)) entities.push(rowOf(served, subscription));
  }
  return { namespace: served.name, entities };
}

function rowOf(served: ServedNamespace, { kind, path, properties }: EntityRecord): object {
  const runtime = served.runtime(path);
  return {
    kind,
    path,
    status: properties.status ?? 'Active',
    active: runtime?.activeMessageCount ?? 0,
    deadLetter: runtime?.deadLetterMessageCount ?? 0,
    scheduled: runtime?.scheduledMessageCount ?? 0,
    transferDeadLetter: runtime?.transferDeadLetterMessageCount ?? 0,
    bytes: runtime?.sizeInBytes ?? 0,
  };
}
