import type { ResourceType } from '../../contract.ts';
import { checkNewEntity } from '../entity-quota.ts';
import { countDetails, entityType, isAbsent, messageCount } from '../entity-type.ts';
import { placeOf, queueType } from '../ids.ts';
import { entityName } from '../names.ts';
import type { ServiceBusRuntime } from '../service-bus-runtime.ts';

export const queue = (runtime: ServiceBusRuntime): ResourceType =>
  entityType({
    kind: 'queue',
    type: queueType,
    name: entityName,
    runtime,
    async create({ id, name, reader }) {
      const { namespaceId, path } = placeOf(id.text);
      const otherId = `${namespaceId}/topics/${name}`;
      await checkNewEntity(reader, namespaceId, { otherId, path, other: 'topic' });
      return { operations: [isAbsent(otherId)] };
    },
    computed: (found) => ({
      sizeInBytes: found?.sizeInBytes ?? 0,
      messageCount: messageCount(found),
      countDetails: countDetails(found),
    }),
  });
