export {
  errorBody,
  errorStatus,
  ResourceError,
  TemplateError,
  type TemplateErrorName,
  templateErrors,
} from './errors.ts';
export { type Position, Positions } from './json/positions.ts';
export type { JsonObject, JsonValue } from './json/values.ts';
export { limits } from './limits.ts';
export type {
  DeploymentPlan,
  NestedDeployment,
  PlannedOutput,
  PlannedResource,
  RuntimeRequest,
  RuntimeValues,
} from './plan.ts';
export type {
  DeploymentOperation,
  DeploymentRecord,
  DeployPorts,
  ErrorBody,
  GetRequest,
  ListRequest,
  ProgressEvent,
  ProvisioningState,
  PutRequest,
  ResourceDocument,
  SecretReference,
  TemplatePorts,
  ValidatePorts,
} from './ports.ts';
export type { DeploymentInfo, TemplateScope } from './scope.ts';
