import { filterQuotaOf, serviceBusLimits } from '@lazuli/resources';
import type { StoreReader } from '@lazuli/store';
import { allRecords } from '../caching/record-cache.ts';
import { propertiesOf } from '../json/properties.ts';
import { conflict, quotaExceeded } from './errors.ts';
import { queueType, ruleType, subscriptionType, topicType } from './ids.ts';

/** Queues and topics share their names, and a quota. @throws {ArmError} 409, 403 `QuotaExceeded` */
export async function checkNewEntity(
  reader: StoreReader,
  namespaceId: string,
  entity: { readonly otherId: string; readonly path: string; readonly other: 'queue' | 'topic' },
): Promise<void> {
  if ((await reader.get(entity.otherId)) !== undefined)
    throw conflict(`There is a ${entity.other} of the name '${entity.path}'.`);
  const queues = await reader.count({ parent: namespaceId, type: queueType });
  const topics = await reader.count({ parent: namespaceId, type: topicType });
  if (queues + topics >= serviceBusLimits.entities) throw quotaExceeded(serviceBusLimits.entities, 'queues and topics');
}

/** @throws {ArmError} 403 `QuotaExceeded` */
export async function checkNewSubscription(reader: StoreReader, topicId: string): Promise<void> {
  const count = await reader.count({ parent: topicId, type: subscriptionType });
  if (count >= serviceBusLimits.subscriptions) throw quotaExceeded(serviceBusLimits.subscriptions, 'subscriptions');
}

/** Filters are counted over all subscriptions of a topic. @throws {ArmError} 403 `QuotaExceeded` */
export async function checkFilter(
  reader: StoreReader,
  topicId: string,
  rule: { readonly id: string; readonly name: string; readonly properties: { readonly [name: string]: unknown } },
): Promise<void> {
  const quota = filterQuotaOf(rule.name, rule.properties);
  if (quota === undefined) return;
  const most = serviceBusLimits[quota];
  // Mostly there are so few of all kinds that none has to be looked at.
  if ((await reader.count({ scope: topicId, type: ruleType })) < most) return;
  let same = 0;
  for await (const { id, key, body } of allRecords(reader, { scope: topicId, type: ruleType }))
    if (key !== rule.id.toLowerCase() && filterQuotaOf(id.slice(id.lastIndexOf('/') + 1), propertiesOf(body)) === quota)
      same++;
  if (same >= most) throw quotaExceeded(most, `${quota === 'sqlFilters' ? 'SQL' : 'correlation'} filters of a topic`);
}
