import { role } from './role.ts';

const insights = 'Microsoft.Insights';
const shared = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/operationresults/read',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Support/*',
  'Microsoft.Web/serverFarms/read',
];

export const logicRoles = [
  role(
    '87a39d53-fc1b-424a-814c-f7e04687dc9e',
    'Logic App Contributor',
    'Lets you manage logic app, but not access to them.',
    {
      actions: [
        ...shared,
        'Microsoft.ClassicStorage/storageAccounts/listKeys/action',
        'Microsoft.ClassicStorage/storageAccounts/read',
        `${insights}/alertRules/*`,
        `${insights}/metricAlerts/*`,
        `${insights}/diagnosticSettings/*`,
        `${insights}/logdefinitions/*`,
        `${insights}/metricDefinitions/*`,
        'Microsoft.Logic/*',
        'Microsoft.Storage/storageAccounts/listkeys/action',
        'Microsoft.Storage/storageAccounts/read',
        'Microsoft.Web/connectionGateways/*',
        'Microsoft.Web/connections/*',
        'Microsoft.Web/customApis/*',
        'Microsoft.Web/serverFarms/join/action',
        'Microsoft.Web/sites/functions/listSecrets/action',
      ],
    },
  ),
  role('515c2055-d9d4-4321-b1b9-bd0c9a0f79fe', 'Logic App Operator', 'Lets you read, enable and disable logic app.', {
    actions: [
      ...shared,
      `${insights}/alertRules/*/read`,
      `${insights}/metricAlerts/*/read`,
      `${insights}/diagnosticSettings/*/read`,
      `${insights}/metricDefinitions/*/read`,
      'Microsoft.Logic/*/read',
      'Microsoft.Logic/workflows/disable/action',
      'Microsoft.Logic/workflows/enable/action',
      'Microsoft.Logic/workflows/validate/action',
      'Microsoft.Web/connectionGateways/*/read',
      'Microsoft.Web/connections/*/read',
      'Microsoft.Web/customApis/*/read',
    ],
  }),
];
