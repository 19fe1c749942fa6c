import { around, role } from './role.ts';

const withoutSupport = around.filter((action) => !action.startsWith('Microsoft.Support/'));
const stores = 'Microsoft.AppConfiguration/configurationStores';
const storage = 'Microsoft.Storage/storageAccounts';
const compliance = 'Microsoft.AppComplianceAutomation';

/** Container Apps, App Configuration, App Compliance Automation. */
export const applicationRoles = [
  role(
    'ad2dd5fb-cd4b-4fd4-a9b6-4fed3630980b',
    'ContainerApp Reader',
    'View all containerapp resources, but does not allow you to make any changes.',
    {
      actions: [
        'Microsoft.App/containerApps/*/read',
        'Microsoft.App/containerApps/read',
        'Microsoft.App/managedEnvironments/read',
        'Microsoft.App/connectedEnvironments/read',
        ...around,
      ],
    },
  ),
  role(
    '0f37683f-2463-46b6-9ce7-9b788b988ba2',
    'App Compliance Automation Administrator',
    'Create, read, download, modify and delete reports objects and related other resource objects.',
    {
      actions: [
        `${compliance}/*`,
        `${storage}/blobServices/write`,
        `${storage}/fileservices/write`,
        `${storage}/listKeys/action`,
        `${storage}/write`,
        `${storage}/blobServices/generateUserDelegationKey/action`,
        `${storage}/read`,
        `${storage}/blobServices/containers/read`,
        `${storage}/blobServices/containers/write`,
        `${storage}/blobServices/read`,
        'Microsoft.PolicyInsights/policyStates/queryResults/action',
        'Microsoft.PolicyInsights/policyStates/triggerEvaluation/action',
        'Microsoft.Resources/resources/read',
        'Microsoft.Resources/subscriptions/read',
        'Microsoft.Resources/subscriptions/resourceGroups/read',
        'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
        'Microsoft.Resources/subscriptions/resources/read',
        'Microsoft.Resources/subscriptions/resourceGroups/delete',
        'Microsoft.Resources/subscriptions/resourceGroups/write',
        'Microsoft.Resources/tags/read',
        'Microsoft.Resources/deployments/validate/action',
        'Microsoft.Security/automations/read',
        'Microsoft.Resources/deployments/write',
        'Microsoft.Security/automations/delete',
        'Microsoft.Security/automations/write',
        'Microsoft.Security/register/action',
        'Microsoft.Security/unregister/action',
        '*/read',
      ],
    },
  ),
  role(
    'ffc6bbe0-e443-4c3b-bf54-26581bb2f78e',
    'App Compliance Automation Reader',
    'Read, download the reports objects and related other resource objects.',
    {
      actions: ['*/read'],
    },
  ),
  role(
    '5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b',
    'App Configuration Data Owner',
    'Allows full access to App Configuration data.',
    {
      dataActions: ['read', 'write', 'delete'].map((verb) => `${stores}/*/${verb}`),
    },
  ),
  role(
    '516239f1-63e1-4d78-a4de-a74fb236a071',
    'App Configuration Data Reader',
    'Allows read access to App Configuration data.',
    {
      dataActions: [`${stores}/*/read`],
    },
  ),
  role(
    '175b81b9-6e0d-490a-85e4-0d422273c10c',
    'App Configuration Reader',
    'Grants permission to view App Configuration resources.',
    {
      actions: ['Microsoft.AppConfiguration/*/read', ...withoutSupport],
    },
  ),
  role(
    'fe86443c-f201-4fc4-9d2a-ac61149fbda0',
    'App Configuration Contributor',
    'Grants permission for all management operations, except purge, for App Configuration resources.',
    {
      actions: ['Microsoft.AppConfiguration/*', ...withoutSupport],
      notActions: ['Microsoft.AppConfiguration/locations/deletedConfigurationStores/purge/action'],
    },
  ),
];
