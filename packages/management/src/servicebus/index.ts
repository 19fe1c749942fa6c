import type { ResourceProvider } from '../contract.ts';
import { validationError } from './errors.ts';
import { providerActions } from './provider-actions.ts';
import { refusedTypes } from './refused-types.ts';
import type { ServiceBusRuntime } from './service-bus-runtime.ts';
import { authorizationRules } from './types/authorization-rule.ts';
import { namespace } from './types/namespace.ts';
import { networkRuleSet } from './types/network-rule-set.ts';
import { queue } from './types/queue.ts';
import { rule } from './types/rule.ts';
import { subscription } from './types/subscription.ts';
import { topic } from './types/topic.ts';

/** Service Bus: namespaces, and the entities that administration clients see too. What the broker does not tell it is not answered. */
export const createServiceBus = (runtime: ServiceBusRuntime): ResourceProvider => ({
  namespace: 'Microsoft.ServiceBus',
  displayName: 'Microsoft Service Bus',
  apiVersions: [
    '2025-05-01-preview',
    '2024-01-01',
    '2023-01-01-preview',
    '2022-10-01-preview',
    '2022-01-01-preview',
    '2021-11-01',
    '2021-06-01-preview',
    '2021-01-01-preview',
    '2018-01-01-preview',
    '2017-04-01',
    '2015-08-01',
    '2014-09-01',
  ],
  types: [
    namespace(runtime),
    networkRuleSet,
    queue(runtime),
    topic(runtime),
    subscription(runtime),
    rule(runtime),
    ...authorizationRules(runtime),
    ...refusedTypes,
  ],
  actions: providerActions,
  operations: [
    dataAction('send', 'Send messages', 'Send messages to queues and topics.'),
    dataAction('receive', 'Receive messages', 'Receive messages from queues and subscriptions.'),
  ],
  validationError,
});

function dataAction(verb: string, operation: string, description: string) {
  return {
    name: `Microsoft.ServiceBus/namespaces/messages/${verb}/action`,
    isDataAction: true,
    display: { resource: 'namespaces/messages', operation, description },
  };
}
