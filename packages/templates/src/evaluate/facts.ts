import type { JsonObject } from '../json/values.ts';
import type { TemplatePorts } from '../ports.ts';
import type { DeploymentInfo, TemplateScope } from '../scope.ts';
import type { Secrets } from '../template/secrets.ts';

/** What an evaluation knows besides the template. */
export interface Facts {
  readonly scope: TemplateScope;
  readonly deployment: DeploymentInfo & { readonly id: string; readonly mode: 'Incremental' | 'Complete' };
  /** `deployment().properties.template` */
  readonly template: JsonObject;
  readonly templateHash: string;
  /** `deployment().properties.parameters`, as they were given. */
  readonly parameters: JsonObject;
  readonly environment: JsonObject;
  readonly now: Date;
  readonly newGuid: () => string;
  readonly ports: TemplatePorts;
  /** Shared with the deployments inside this one. */
  readonly secrets: Secrets;
  /** How many deployments contain this one. */
  readonly depth: number;
}
