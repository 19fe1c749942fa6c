import { role } from './role.ts';

const entities = [
  'Microsoft.ServiceBus/*/queues/read',
  'Microsoft.ServiceBus/*/topics/read',
  'Microsoft.ServiceBus/*/topics/subscriptions/read',
];

export const serviceBusRoles = [
  role(
    '090c5cfd-751d-490a-894a-3ce6f1109419',
    'Azure Service Bus Data Owner',
    'Allows for full access to Azure Service Bus resources.',
    {
      actions: ['Microsoft.ServiceBus/*'],
      dataActions: ['Microsoft.ServiceBus/*'],
    },
  ),
  role(
    '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0',
    'Azure Service Bus Data Receiver',
    'Allows for receive access to Azure Service Bus resources.',
    {
      actions: entities,
      dataActions: ['Microsoft.ServiceBus/*/receive/action'],
    },
  ),
  role(
    '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39',
    'Azure Service Bus Data Sender',
    'Allows for send access to Azure Service Bus resources.',
    {
      actions: entities,
      dataActions: ['Microsoft.ServiceBus/*/send/action'],
    },
  ),
];
