import type { Position } from './json/positions.ts';
import type { JsonObject, JsonValue } from './json/values.ts';
import type { TemplatePorts } from './ports.ts';
import type { DeploymentInfo, TemplateScope } from './scope.ts';
import type { Secrets } from './template/secrets.ts';

/** What a template comes to with its parameters: resources in an order in which they can be deployed. */
export interface DeploymentPlan {
  readonly deployment: DeploymentInfo & { readonly id: string; readonly mode: 'Incremental' | 'Complete' };
  readonly scope: TemplateScope;
  /** `parameters` of the deployment resource: `{name: {type, value}}`; secure ones have no value. */
  readonly parameters: JsonObject;
  /** Topological order, that of the template where it is free. */
  readonly resources: readonly PlannedResource[];
  readonly outputs: readonly PlannedOutput[];
  readonly contentVersion: string;
  readonly templateHash: string;
  /** Values of secure parameters, for hiding them in what others say. */
  readonly secrets: Secrets;
}

export interface PlannedResource {
  /** Unique in its plan: symbolic name (with `[index]` in a copy loop) or the id. */
  readonly key: string;
  readonly symbolicName?: string;
  readonly id: string;
  /** `Microsoft.ApiManagement/service/apis` */
  readonly type: string;
  /** `apim/echo`: all segments. */
  readonly name: string;
  readonly apiVersion: string;
  readonly existing: boolean;
  /** False: the condition is false, nothing is deployed. */
  readonly condition: boolean;
  /** A resource that is there already is left as it is (Bicep's `@onlyIfNotExists()`). */
  readonly onlyIfNotExists: boolean;
  /** Request body as far as it is known; where a run-time function decides, the expression stands as text. */
  readonly body: JsonObject;
  /** Paths of `body` that are known only at run time. */
  readonly late: readonly string[];
  /** Keys of the resources of this plan that come first, explicit and implicit. */
  readonly dependsOn: readonly string[];
  readonly copy?: {
    readonly name: string;
    readonly index: number;
    readonly mode: 'serial' | 'parallel';
    readonly batchSize?: number;
  };
  /** For `Microsoft.Resources/deployments`: where its template comes from. */
  readonly nested?: NestedDeployment;
  readonly position?: Position;
  /** Body with every expression evaluated; throws `NeedsRuntimeValue` while a value is missing. */
  evaluateBody(runtime: RuntimeValues): JsonObject;
}

export interface NestedDeployment {
  readonly kind: 'inner' | 'outer' | 'linked';
  /** The plan of the nested template where all it needs is known before the deployment starts. */
  readonly plan?: DeploymentPlan;
  /** Makes the plan at run time from the body that `evaluateBody` gave. */
  makePlan(body: JsonObject, ports: TemplatePorts): Promise<DeploymentPlan>;
}

export interface PlannedOutput {
  readonly name: string;
  readonly type: string;
  readonly secure: boolean;
  /** Undefined: the condition is false. Throws `NeedsRuntimeValue` while a value is missing. */
  evaluate(runtime: RuntimeValues): JsonValue | undefined;
}

/** A value that only the deployed resources can give. */
export type RuntimeRequest =
  | { readonly kind: 'reference'; readonly id: string; readonly apiVersion: string; readonly inPlan: boolean }
  | {
      readonly kind: 'list';
      readonly id: string;
      readonly functionName: string;
      readonly apiVersion: string;
      readonly body?: JsonValue;
    };

/** Run-time values that were fetched: resource documents for `reference`, answers for `list*`. */
export interface RuntimeValues {
  lookup(request: RuntimeRequest): JsonValue | undefined;
}
