/** The Azure Resource Manager front: see `contract.ts` for what a resource provider declares. */

export { ServiceFolder } from './apimanagement/artifacts/service-folder.ts';
export { apiManagement } from './apimanagement/index.ts';
export { publishHoldType } from './caching/publish-hold.ts';
export type * from './contract.ts';
export {
  ArmError,
  type ArmErrorInit,
  armError,
  type ErrorDetail,
  type ManagementErrorCode,
  managementErrors,
} from './errors.ts';
export { type ArmId, ancestorsOf, isWithin, parseArmId, sameId } from './ids/arm-id.ts';
export * from './schema/schema.ts';
