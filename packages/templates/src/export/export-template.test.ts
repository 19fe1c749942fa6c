import { expect, it } from 'vitest';
import type { JsonObject } from '../json/values.ts';
import { plain, planOf, subscriptionId } from '../testing/evaluate.ts';
import { exportTemplate } from './export-template.ts';

const group = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers`;
const service = `${group}/Microsoft.ApiManagement/service/apim1`;
const resources: JsonObject[] = [
  {
    id: service,
    name: 'apim1',
    type: 'Microsoft.ApiManagement/service',
    location: 'westus',
    etag: 'x',
    systemData: {},
    sku: { name: 'Developer' },
    properties: { provisioningState: 'Succeeded', publisherName: '[Contoso]' },
  },
  {
    id: `${service}/loggers/l`,
    name: 'l',
    type: 'Microsoft.ApiManagement/service/loggers',
    properties: { resourceId: `${group}/Microsoft.Insights/components/ai` },
  },
  { id: `${service}/apis/echo`, name: 'echo', properties: { path: 'echo' } },
  {
    id: `${service}/apis/echo/operations/get`,
    name: 'get',
    properties: { method: 'GET', loggerId: `${service}/loggers/l` },
  },
];
const options = { apiVersion: () => '2024-05-01' };

it('exports names and outside ids as parameters, and parents as dependencies', () => {
  const { template, error } = exportTemplate(resources, options);
  expect(error).toBeUndefined();
  expect(plain(template.parameters)).toEqual({
    service_apim1_name: { defaultValue: 'apim1', type: 'String' },
    components_ai_externalid: { defaultValue: `${group}/Microsoft.Insights/components/ai`, type: 'String' },
  });
  expect(plain({ list: template.resources })?.list).toEqual([
    {
      type: 'Microsoft.ApiManagement/service',
      apiVersion: '2024-05-01',
      name: "[parameters('service_apim1_name')]",
      location: 'westus',
      sku: { name: 'Developer' },
      properties: { publisherName: '[[Contoso]' },
    },
    {
      type: 'Microsoft.ApiManagement/service/loggers',
      apiVersion: '2024-05-01',
      name: "[concat(parameters('service_apim1_name'), '/l')]",
      dependsOn: ["[resourceId('Microsoft.ApiManagement/service', parameters('service_apim1_name'))]"],
      properties: { resourceId: "[parameters('components_ai_externalid')]" },
    },
    {
      type: 'Microsoft.ApiManagement/service/apis',
      apiVersion: '2024-05-01',
      name: "[concat(parameters('service_apim1_name'), '/echo')]",
      dependsOn: ["[resourceId('Microsoft.ApiManagement/service', parameters('service_apim1_name'))]"],
      properties: { path: 'echo' },
    },
    {
      type: 'Microsoft.ApiManagement/service/apis/operations',
      apiVersion: '2024-05-01',
      name: "[concat(parameters('service_apim1_name'), '/echo/get')]",
      dependsOn: ["[resourceId('Microsoft.ApiManagement/service/apis', parameters('service_apim1_name'), 'echo')]"],
      properties: {
        method: 'GET',
        loggerId: "[resourceId('Microsoft.ApiManagement/service/loggers', parameters('service_apim1_name'), 'l')]",
      },
    },
  ]);
});

it('exports what deploys to the same ids', async () => {
  for (const skipAllParameterization of [false, true]) {
    const { template } = exportTemplate(resources, { ...options, skipAllParameterization });
    expect((await planOf(template)).resources.map(({ id }) => id).sort()).toEqual(resources.map(({ id }) => id).sort());
  }
});

it('leaves values out where that is asked, and reports what has no id', () => {
  const { template, error } = exportTemplate([...resources, { name: 'x' }], {
    ...options,
    includeParameterDefaultValue: false,
    skipResourceNameParameterization: true,
  });
  expect(plain(template.parameters)).toEqual({ components_ai_externalid: { type: 'String' } });
  expect(error).toMatchObject({
    code: 'ExportTemplateCompletedWithErrors',
    details: [{ code: 'ExportTemplateProviderError' }],
  });
});
