import { type EvaluateTemplateOptions, evaluateTemplate } from '../evaluate-template.ts';
import type { JsonValue } from '../json/values.ts';
import type { DeploymentPlan } from '../plan.ts';
import type { TemplateScope } from '../scope.ts';
import { parseTemplate } from '../template/parsed-template.ts';

export const subscriptionId = '11111111-2222-3333-4444-555555555555';

export const resourceGroupScope: TemplateScope = {
  kind: 'resourceGroup',
  tenant: { tenantId: '99999999-8888-7777-6666-555555555555' },
  subscription: { subscriptionId, displayName: 'Test' },
  resourceGroup: { name: 'rg', location: 'westus', tags: { team: 'api' } },
};

/** A template of these parts around nothing else. */
export function templateOf(parts: Record<string, unknown>): Record<string, unknown> {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [],
    ...parts,
  };
}

/** The plan of a template in a resource group; ports that find nothing. */
export function planOf(
  template: string | object,
  options: Partial<EvaluateTemplateOptions> = {},
): Promise<DeploymentPlan> {
  return evaluateTemplate(parseTemplate(template), {
    scope: resourceGroupScope,
    deployment: { name: 'main' },
    ports: { get: async () => undefined, list: async () => undefined },
    now: new Date('2020-04-07T14:53:14.123Z'),
    newGuid: () => '0f8fad5b-d9cb-469f-a165-70867728950e',
    ...options,
  });
}

/** The value of one expression, as plain JSON. */
export async function valueOfExpression(
  expression: JsonValue,
  parts: Record<string, unknown> = {},
  options: Partial<EvaluateTemplateOptions> = {},
): Promise<unknown> {
  const boxed = { type: 'object', value: { result: expression } };
  const plan = await planOf(templateOf({ ...parts, outputs: { output: boxed } }), options);
  const output = plan.outputs[0]?.evaluate({ lookup: () => undefined });
  return plain(output)?.result;
}

/** The same JSON in ordinary objects, which compare without regard to prototypes. */
export function plain(value: unknown): Record<string, unknown> | undefined {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
