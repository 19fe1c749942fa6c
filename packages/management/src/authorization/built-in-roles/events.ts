import { around, role } from './role.ts';

const grid = 'Microsoft.EventGrid';
const readRoles = 'Microsoft.Authorization/*/read';
const readGroups = 'Microsoft.Resources/subscriptions/resourceGroups/read';
const endpoints = [
  readRoles,
  `${grid}/topics/read`,
  `${grid}/domains/read`,
  `${grid}/partnerNamespaces/read`,
  `${grid}/namespaces/read`,
  readGroups,
];
const subscriptionLists = [
  `${grid}/topicTypes/eventSubscriptions/read`,
  `${grid}/locations/eventSubscriptions/read`,
  `${grid}/locations/topicTypes/eventSubscriptions/read`,
];
const spaces = [
  readRoles,
  `${grid}/*/read`,
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  readGroups,
];

/** Event Grid and Event Hubs. */
export const eventRoles = [
  role('1e241071-0855-49ea-94dc-649edcd759de', 'EventGrid Contributor', 'Lets you manage EventGrid operations.', {
    actions: [`${grid}/*`, ...around],
  }),
  role('d5a91429-5739-47e2-a06b-3470a27159e7', 'EventGrid Data Sender', 'Allows send access to event grid events.', {
    actions: endpoints,
    dataActions: [`${grid}/events/send/action`],
  }),
  role(
    '78cbd9e7-9798-4e2e-9b5a-547d9ebb31fb',
    'EventGrid Data Receiver',
    'Allows receive access to event grid events.',
    {
      actions: endpoints,
      dataActions: [`${grid}/events/receive/action`],
    },
  ),
  role(
    '1d8c3fe3-8864-474b-8749-01e3783e8157',
    'EventGrid Data Contributor',
    'Allows send and receive access to event grid events.',
    {
      actions: endpoints,
      dataActions: [`${grid}/events/send/action`, `${grid}/events/receive/action`],
    },
  ),
  role(
    '428e0ff0-5e57-4d9c-a221-2c70d0e0a443',
    'EventGrid EventSubscription Contributor',
    'Lets you manage EventGrid event subscription operations.',
    { actions: [`${grid}/eventSubscriptions/*`, ...subscriptionLists, ...around] },
  ),
  role(
    '2414bbcf-6497-4faf-8c65-045460748405',
    'EventGrid EventSubscription Reader',
    'Lets you read EventGrid event subscriptions.',
    {
      actions: [readRoles, `${grid}/eventSubscriptions/read`, ...subscriptionLists, readGroups],
    },
  ),
  role(
    'a12b0b94-b317-4dcd-84a8-502ce99884c6',
    'EventGrid TopicSpaces Publisher',
    'Lets you publish messages on topicspaces.',
    {
      actions: spaces,
      dataActions: [`${grid}/topicSpaces/publish/action`],
    },
  ),
  role(
    '4b0f2fd7-60b4-4eca-896f-4435034f8bf5',
    'EventGrid TopicSpaces Subscriber',
    'Lets you subscribe messages on topicspaces.',
    {
      actions: spaces,
      dataActions: [`${grid}/topicSpaces/subscribe/action`],
    },
  ),
  role(
    '0b962ed2-6d56-471c-bd5f-3477d83a7ba4',
    'Azure Resource Notifications System Topics Subscriber',
    'Lets you create system topics and event subscriptions on all system topics exposed currently and in the future by Azure Resource Notifications.',
    {
      actions: [
        ...[
          'Resources',
          'HealthResources',
          'MaintenanceResources',
          'ComputeResources',
          'ComputeScheduleResources',
          'ContainerServiceEventResources',
        ].map((kind) => `Microsoft.ResourceNotifications/systemTopics/subscribeTo${kind}/action`),
        `${grid}/eventSubscriptions/write`,
        `${grid}/systemTopics/eventSubscriptions/write`,
      ],
    },
  ),
  role(
    'f526a384-b230-433a-b45c-95f59c4a2dec',
    'Azure Event Hubs Data Owner',
    'Allows for full access to Azure Event Hubs resources.',
    {
      actions: ['Microsoft.EventHub/*'],
      dataActions: ['Microsoft.EventHub/*'],
    },
  ),
  role(
    'a638d3c7-ab3a-418d-83e6-5f17a39d4fde',
    'Azure Event Hubs Data Receiver',
    'Allows receive access to Azure Event Hubs resources.',
    {
      actions: ['Microsoft.EventHub/*/eventhubs/consumergroups/read'],
      dataActions: ['Microsoft.EventHub/*/receive/action'],
    },
  ),
  role(
    '2b629674-e913-4c01-ae53-ef4638d8f975',
    'Azure Event Hubs Data Sender',
    'Allows send access to Azure Event Hubs resources.',
    {
      actions: ['Microsoft.EventHub/*/eventhubs/read'],
      dataActions: ['Microsoft.EventHub/*/send/action'],
    },
  ),
];
