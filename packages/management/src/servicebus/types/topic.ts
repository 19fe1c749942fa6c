import type { ResourceType } from '../../contract.ts';
import { checkNewEntity } from '../entity-quota.ts';
import { countDetails, entityType, isAbsent } from '../entity-type.ts';
import { placeOf, subscriptionType, topicType } from '../ids.ts';
import { entityName } from '../names.ts';
import type { ServiceBusRuntime } from '../service-bus-runtime.ts';

export const topic = (runtime: ServiceBusRuntime): ResourceType =>
  entityType({
    kind: 'topic',
    type: topicType,
    name: entityName,
    runtime,
    async create({ id, name, reader }) {
      const { namespaceId, path } = placeOf(id.text);
      const otherId = `${namespaceId}/queues/${name}`;
      await checkNewEntity(reader, namespaceId, { otherId, path, other: 'queue' });
      return { operations: [isAbsent(otherId)] };
    },
    computed: async (found, { id }, { reader }) => ({
      sizeInBytes: found?.sizeInBytes ?? 0,
      subscriptionCount: await reader.count({ parent: id, type: subscriptionType }),
      countDetails: countDetails(found),
    }),
  });
