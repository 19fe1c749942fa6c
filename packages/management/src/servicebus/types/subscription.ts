import { normaliseRule } from '@lazuli/resources';
import type { ResourceType } from '../../contract.ts';
import { asJson } from '../../json/json.ts';
import { checkNewSubscription } from '../entity-quota.ts';
import { countDetails, entityType, messageCount } from '../entity-type.ts';
import { ruleType, subscriptionType } from '../ids.ts';
import { subscriptionName } from '../names.ts';
import type { ServiceBusRuntime } from '../service-bus-runtime.ts';

/** A subscription of a topic. It is made with a rule that lets everything through. */
export const subscription = (runtime: ServiceBusRuntime): ResourceType =>
  entityType({
    kind: 'subscription',
    type: subscriptionType,
    name: subscriptionName,
    runtime,
    async create({ id, parent, reader }) {
      await checkNewSubscription(reader, parent?.id ?? id.parentId);
      return {
        operationsAfter: [
          {
            operation: 'put',
            id: `${id.text}/rules/$Default`,
            type: ruleType,
            body: { properties: asJson(normaliseRule({ filterType: 'TrueFilter' }).properties) },
          },
        ],
      };
    },
    computed: (found) => ({
      messageCount: messageCount(found),
      countDetails: countDetails(found),
      isClientAffine: false,
    }),
  });
