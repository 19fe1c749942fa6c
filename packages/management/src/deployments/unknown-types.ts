import type { DeploymentPlan } from '@lazuli/templates';
import { ArmError } from '../errors.ts';
import { parseArmId } from '../ids/arm-id.ts';
import type { Registry } from '../registry/registry.ts';

/** Refuses a plan with resources of types that are not served, all of them named at once. @throws {ArmError} */
export function refuseUnknownTypes(registry: Registry, plan: DeploymentPlan): void {
  const found = new Map<string, string[]>();
  collect(registry, plan, found);
  if (found.size === 0) return;
  const types = [...found.keys()].sort();
  throw new ArmError({
    status: 400,
    code: 'InvalidTemplateDeployment',
    message: `The template deployment '${plan.deployment.name}' has resources of types that Lazuli does not have: ${types.join(', ')}. With 'lazuli start --record-unknown-resources' they are kept as they are given and do nothing.`,
    details: types.map((type) => ({
      code: 'InvalidResourceType',
      message: `The resource type '${type}' is not supported by Lazuli: ${found.get(type)?.slice(0, 10).join(', ')}.`,
      target: type,
    })),
  });
}

function collect(registry: Registry, plan: DeploymentPlan, found: Map<string, string[]>): void {
  for (const { condition, existing, nested, id, name } of plan.resources) {
    if (!condition || existing) continue;
    if (nested) {
      if (nested.plan) collect(registry, nested.plan, found);
      continue;
    }
    const type = parseArmId(id)?.type;
    if (type === undefined || registry.type(type) !== undefined) continue;
    found.set(type, [...(found.get(type) ?? []), name]);
  }
}
