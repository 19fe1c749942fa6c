import { NeedsRuntimeValue } from '../evaluate/needs-runtime-value.ts';
import { type JsonObject, type JsonValue, newObject } from '../json/values.ts';
import type { DeploymentPlan, RuntimeRequest, RuntimeValues } from '../plan.ts';

/**
 * Outputs of nested deployments that are known before they run (a name, an id), so that deployments that take them as
 * parameters can be planned, validated and previewed too.
 */
export class EarlyOutputs implements RuntimeValues {
  readonly #deployments = new Map<string, JsonObject>();

  lookup(request: RuntimeRequest): JsonValue | undefined {
    return request.kind === 'reference' ? this.#deployments.get(request.id.toLowerCase()) : undefined;
  }

  add(plan: DeploymentPlan): void {
    const outputs = newObject();
    for (const output of plan.outputs) {
      if (output.secure) continue;
      const value = known(() => output.evaluate({ lookup: () => undefined }));
      if (value !== undefined) outputs[output.name] = { type: output.type, value };
    }
    const document = newObject();
    document.id = plan.deployment.id;
    document.name = plan.deployment.name;
    document.properties = { outputs };
    this.#deployments.set(plan.deployment.id.toLowerCase(), document);
  }
}

function known(evaluate: () => JsonValue | undefined): JsonValue | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof NeedsRuntimeValue) return undefined;
    throw error;
  }
}
