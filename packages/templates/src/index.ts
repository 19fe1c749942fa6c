export type { PropertyChange, PropertyChangeType } from './deploy/delta.ts';
export { type DeploymentOutcome, type DeployOptions, deploy } from './deploy/deploy.ts';
export { type ValidationOutcome, validate } from './deploy/validate.ts';
export { type ChangeType, type ResourceChange, type WhatIfResult, whatIf } from './deploy/what-if.ts';
export { type TemplateErrorName, templateErrors } from './error-table.ts';
export { errorBody, errorStatus, ResourceError, TemplateError } from './errors.ts';
export { type EvaluateTemplateOptions, evaluateTemplate } from './evaluate-template.ts';
export { type ExportOptions, type ExportResult, exportTemplate } from './export/export-template.ts';
export { templateHash } from './hashing/template-hash.ts';
export { type Position, Positions } from './json/positions.ts';
export { type JsonDocument, readJson } from './json/reader.ts';
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
  ValidateRequest,
} from './ports.ts';
export type { DeploymentInfo, TemplateScope } from './scope.ts';
export { type ParsedTemplate, parseTemplate } from './template/parsed-template.ts';
