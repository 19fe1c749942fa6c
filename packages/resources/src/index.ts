/** The resource model of API Management and the readers of the files that describe it. */
export {
  createFolderReader,
  type FolderReader,
  type ReadService,
  type ReadServiceOptions,
  readServiceFolder,
} from './apiops/folder-reader.ts';
export { certificateVariable, namedValueVariable } from './apiops/secrets.ts';
export { type SecretsSource, SecretsUnavailableError, secretsFromDisk } from './apiops/secrets-source.ts';
export type { Diagnostic } from './diagnostic.ts';
export { parseDuration } from './duration.ts';
export { type ResourceErrorCode, resourceErrors } from './errors.ts';
export { folderFromDisk } from './folder/folder-from-disk.ts';
export { FolderInMemory } from './folder/folder-in-memory.ts';
export {
  defaultFolderLimits,
  type FolderFile,
  type FolderLimits,
  type FolderListing,
  type FolderSource,
  FolderUnavailableError,
} from './folder/folder-source.ts';
export { emptyServiceModel } from './model/empty-service-model.ts';
export type * from './model/service.ts';
export { normaliseOperationName, uniqueOperationName } from './openapi/operation-name.ts';
export { parseApiName, parseResourceId, type ResourceId } from './resource-id.ts';
export {
  type AuthorizationRight,
  authorizationRuleNameProblem,
  readAuthorizationRights,
} from './service-bus/authorization-rights.ts';
export { entityNameProblem } from './service-bus/entity-name.ts';
export {
  entityProperties,
  entityStatuses,
  forEver,
  type PropertyRule,
  type ServiceBusKind,
} from './service-bus/entity-schema.ts';
export { type ServiceBusLimits, serviceBusLimits } from './service-bus/limits.ts';
export { type EntityProblem, normaliseEntity, type ServiceBusProperties } from './service-bus/normalise-entity.ts';
export { filterKindOf, filterQuotaOf, normaliseRule } from './service-bus/normalise-rule.ts';
export { parseTimeSpan } from './service-bus/time-span.ts';
