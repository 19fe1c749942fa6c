import { around, healthToo, role } from './role.ts';

const insights = 'Microsoft.Insights';
const workspaces = 'Microsoft.OperationalInsights/workspaces';
const alerts = 'Microsoft.AlertsManagement';

export const monitorRoles = [
  role(
    '3913510d-42f4-4e42-8a64-420c390055eb',
    'Monitoring Metrics Publisher',
    'Enables publishing metrics against Azure resources',
    {
      actions: [
        `${insights}/Register/Action`,
        'Microsoft.Support/*',
        'Microsoft.Resources/subscriptions/resourceGroups/read',
      ],
      dataActions: [`${insights}/Metrics/Write`, `${insights}/Telemetry/Write`],
    },
  ),
  role(
    '749f88d5-cbae-40b8-bcfc-e573ddc772fa',
    'Monitoring Contributor',
    'Can read all monitoring data and update monitoring settings.',
    {
      actions: [
        '*/read',
        `${alerts}/alerts/*`,
        `${alerts}/alertsSummary/*`,
        `${alerts}/smartDetectorAlertRules/*`,
        `${alerts}/actionRules/*`,
        `${alerts}/smartGroups/*`,
        ...[
          'actiongroups',
          'activityLogAlerts',
          'AlertRules',
          'components',
          'createNotifications',
          'dataCollectionEndpoints',
          'dataCollectionRules',
          'dataCollectionRuleAssociations',
          'DiagnosticSettings',
          'eventtypes',
          'LogDefinitions',
          'metricalerts',
          'MetricDefinitions',
          'Metrics',
          'notificationStatus',
          'privateLinkScopes',
          'privateLinkScopeOperationStatuses',
          'scheduledqueryrules',
          'webtests',
          'workbooks',
          'workbooktemplates',
        ].map((type) => `${insights}/${type}/*`),
        `${insights}/Register/Action`,
        `${workspaces}/write`,
        `${workspaces}/intelligencepacks/*`,
        `${workspaces}/savedSearches/*`,
        `${workspaces}/search/action`,
        `${workspaces}/sharedKeys/action`,
        `${workspaces}/storageinsightconfigs/*`,
        'Microsoft.Support/*',
        'Microsoft.WorkloadMonitor/monitors/*',
      ],
    },
  ),
  role('43d0d8ad-25c7-4714-9337-8ba259a9fe05', 'Monitoring Reader', 'Can read all monitoring data.', {
    actions: ['*/read', `${workspaces}/search/action`, 'Microsoft.Support/*'],
  }),
  role(
    'ae349356-3a1b-4a5e-921d-050484c6347e',
    'Application Insights Component Contributor',
    'Can manage Application Insights components',
    {
      actions: [
        ...healthToo,
        `${insights}/generateLiveToken/read`,
        `${insights}/metricAlerts/*`,
        `${insights}/components/*`,
        `${insights}/scheduledqueryrules/*`,
        `${insights}/topology/read`,
        `${insights}/transactions/read`,
        `${insights}/webtests/*`,
      ],
    },
  ),
  role(
    '08954f03-6346-4c2e-81c0-ec3a5cfae23b',
    'Application Insights Snapshot Debugger',
    'Gives user permission to use Application Insights Snapshot Debugger features',
    { actions: [...around, `${insights}/components/*/read`] },
  ),
  role(
    '92aaf0da-9dab-42b6-94a3-d43ce8d16293',
    'Log Analytics Contributor',
    'Log Analytics Contributor can read all monitoring data and edit monitoring settings.',
    {
      actions: [
        '*/read',
        'Microsoft.ClassicCompute/virtualMachines/extensions/*',
        'Microsoft.ClassicStorage/storageAccounts/listKeys/action',
        'Microsoft.Compute/virtualMachines/extensions/*',
        'Microsoft.HybridCompute/machines/extensions/write',
        `${insights}/alertRules/*`,
        `${insights}/diagnosticSettings/*`,
        'Microsoft.OperationalInsights/*',
        'Microsoft.OperationsManagement/*',
        'Microsoft.Resources/deployments/*',
        'Microsoft.Resources/subscriptions/resourcegroups/deployments/*',
        'Microsoft.Storage/storageAccounts/listKeys/action',
        'Microsoft.Support/*',
      ],
    },
  ),
  role(
    '73c42c96-874c-492b-b04d-ab87d138a893',
    'Log Analytics Reader',
    'Log Analytics Reader can view and search all monitoring data as well as view monitoring settings, including viewing the configuration of Azure diagnostics on all Azure resources.',
    {
      actions: ['*/read', `${workspaces}/analytics/query/action`, `${workspaces}/search/action`, 'Microsoft.Support/*'],
      notActions: [`${workspaces}/sharedKeys/read`],
    },
  ),
];
