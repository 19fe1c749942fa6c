import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deploy } from './deploy/deploy.ts';
import { validate } from './deploy/validate.ts';
import { whatIf } from './deploy/what-if.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import type { DeploymentPlan } from './plan.ts';
import type { TemplateScope } from './scope.ts';
import { parseTemplate } from './template/parsed-template.ts';
import { resourceGroupScope } from './testing/evaluate.ts';
import { World } from './testing/world.ts';

/** Templates as people publish them, beside the plan and the outcome that they must give. */
const folder = join(import.meta.dirname, 'fixtures/templates');
const base = 'https://templates.example/';
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.parameters.json'))
  .map((file) => file.slice(0, -'.json'.length));
const linked = new Map(
  readdirSync(join(folder, 'linked')).map((file) => [`${base}linked/${file}`, read(`linked/${file}`)]),
);

describe('published kinds of templates', () => {
  it('are many', () => expect(names.length).toBeGreaterThanOrEqual(25));

  it.each(names)('%s', async (name) => {
    const world = new World(linked);
    world.add(
      '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.ApiManagement/service/apim1',
      {
        name: 'apim1',
        properties: { gatewayUrl: 'https://existing.azure-api.net' },
      },
    );
    const parameterFile = `${name}.parameters.json`;
    const plan = await evaluateTemplate(parseTemplate(read(`${name}.json`)), {
      parameters: readdirSync(folder).includes(parameterFile) ? JSON.parse(read(parameterFile)) : {},
      scope: name === 'subscription-scope' ? subscription : resourceGroupScope,
      deployment: { name: 'main', location: 'westeurope', templateLink: { uri: `${base}main.json` } },
      ports: world,
      now: new Date('2026-01-02T03:04:05Z'),
    });
    expect((await validate(plan, world)).error).toBeUndefined();
    expect((await whatIf(plan, world)).error).toBeUndefined();
    const outcome = await deploy(plan, world);
    expect(outcome.error).toBeUndefined();
    const golden = {
      plan: shown(plan),
      puts: world.puts.map(({ id, apiVersion, body }) => ({ id, apiVersion, body })),
      outputs: outcome.record.properties.outputs,
    };
    await expect(`${JSON.stringify(golden, null, 2)}\n`).toMatchFileSnapshot(join(folder, '../plans', `${name}.json`));
  });
});

const subscription: TemplateScope = {
  kind: 'subscription',
  tenant: resourceGroupScope.tenant,
  subscription: { subscriptionId: '11111111-2222-3333-4444-555555555555' },
};

function read(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

function shown(plan: DeploymentPlan): unknown {
  return plan.resources.map(({ key, id, condition, existing, dependsOn, late, nested }) => ({
    key,
    ...(key === id ? {} : { id }),
    ...(condition ? {} : { condition }),
    ...(existing ? { existing } : {}),
    dependsOn,
    ...(late.length > 0 ? { late } : {}),
    ...(nested ? { nested: nested.kind, plan: nested.plan ? shown(nested.plan) : 'at run time' } : {}),
  }));
}
