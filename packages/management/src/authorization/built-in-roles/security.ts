import { role } from './role.ts';

const authorization = 'Microsoft.Authorization';
const readGroups = 'Microsoft.Resources/subscriptions/resourceGroups/read';

export const securityRoles = [
  role(
    'fb1c8493-542b-48eb-b624-b4c8fea62acd',
    'Security Admin',
    'View and update permissions for Microsoft Defender for Cloud. Same permissions as the Security Reader role and can also update the security policy and dismiss alerts and recommendations.',
    {
      actions: [
        `${authorization}/*/read`,
        `${authorization}/policyAssignments/*`,
        `${authorization}/policyDefinitions/*`,
        `${authorization}/policyExemptions/*`,
        `${authorization}/policySetDefinitions/*`,
        'Microsoft.Insights/alertRules/*',
        'Microsoft.Management/managementGroups/read',
        'Microsoft.operationalInsights/workspaces/*/read',
        'Microsoft.Resources/deployments/*',
        readGroups,
        'Microsoft.Security/*',
        'Microsoft.IoTSecurity/*',
        'Microsoft.Support/*',
      ],
    },
  ),
  role(
    '39bc4728-0917-49c7-9d2c-d95423bc2eb4',
    'Security Reader',
    'View permissions for Microsoft Defender for Cloud. Can view recommendations, alerts, a security policy, and security states, but cannot make changes.',
    {
      actions: [
        `${authorization}/*/read`,
        'Microsoft.Insights/alertRules/read',
        'Microsoft.operationalInsights/workspaces/*/read',
        'Microsoft.Resources/deployments/*/read',
        readGroups,
        'Microsoft.Security/*/read',
        'Microsoft.IoTSecurity/*/read',
        'Microsoft.Support/*/read',
        'Microsoft.Security/iotDefenderSettings/packageDownloads/action',
        'Microsoft.Security/iotDefenderSettings/downloadManagerActivation/action',
        'Microsoft.Security/iotSensors/downloadResetPassword/action',
        'Microsoft.IoTSecurity/defenderSettings/packageDownloads/action',
        'Microsoft.IoTSecurity/defenderSettings/downloadManagerActivation/action',
        'Microsoft.Management/managementGroups/read',
      ],
    },
  ),
];
