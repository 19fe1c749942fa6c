/** The Azure Resource Manager front: see `contract.ts` for what a resource provider declares. */

export { isBuiltIn } from './apimanagement/artifacts/built-in-artifacts.ts';
export { artifactLayouts } from './apimanagement/artifacts/layout.ts';
export { type Artifact, type ReadArtifacts, readArtifacts } from './apimanagement/artifacts/read-artifacts.ts';
export { ServiceFolder } from './apimanagement/artifacts/service-folder.ts';
export { type WrittenFile, writeArtifacts } from './apimanagement/artifacts/write-artifacts.ts';
export type { GatewayRuntime, GatewayTracing, QuotaCounters } from './apimanagement/gateway-runtime.ts';
export { gatewayToken, readGatewayToken } from './apimanagement/gateway-token.ts';
export { apiManagement, createApiManagement } from './apimanagement/index.ts';
export {
  addCounts,
  addTime,
  emptyCounts,
  emptyTimes,
  type ReportCounts,
  type ReportKey,
  type ReportRow,
  type ReportSource,
  type RequestRecord,
  type TimeSums,
} from './apimanagement/report-source.ts';
export type { FirstPrincipal } from './bootstrap.ts';
export { publishHoldType } from './caching/publish-hold.ts';
export type * from './contract.ts';
export {
  createManagement,
  type Management,
  type ManagementOptions,
  type ManagementTokens,
} from './create-management.ts';
export {
  ArmError,
  type ArmErrorInit,
  armError,
  type ErrorDetail,
  type ManagementErrorCode,
  managementErrors,
} from './errors.ts';
export type { Application, Applications, CertificateCredential, PasswordCredential } from './identity/applications.ts';
export type { TrustedIssuer } from './identity/authenticator.ts';
export { IdentityError, identityErrors } from './identity/errors.ts';
export { createPrincipal, type NewPrincipal, openApplications } from './identity/operator-principals.ts';
export { type ArmId, ancestorsOf, isWithin, parseArmId, sameId } from './ids/arm-id.ts';
export { type RegisteredType, RegistrationError, Registry } from './registry/registry.ts';
export { isGuid } from './schema/formats.ts';
export * from './schema/schema.ts';
export { createServiceBus } from './servicebus/index.ts';
export type { ServiceBusRuntime } from './servicebus/service-bus-runtime.ts';
export type { Call, Location, ManagementLog, Services } from './services.ts';
export { openSettings } from './settings.ts';
