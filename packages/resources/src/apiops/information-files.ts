import type { InformationFile } from '../information/information-file.ts';
import { apiInformation } from './resources/api-information.ts';
import { backendInformation } from './resources/backend.ts';
import { certificateInformation } from './resources/certificate.ts';
import { diagnosticInformation } from './resources/diagnostic-settings.ts';
import { groupInformation } from './resources/group.ts';
import { loggerInformation } from './resources/logger.ts';
import { namedValueInformation } from './resources/named-value.ts';
import { operationInformation } from './resources/operation-information.ts';
import { policyFragmentInformation } from './resources/policy-fragment.ts';
import { productInformation } from './resources/product.ts';
import { schemaInformation } from './resources/service-schema.ts';
import { subscriptionInformation } from './resources/subscription.ts';
import { tagInformation } from './resources/tag.ts';
import { userInformation } from './resources/user.ts';
import { versionSetInformation } from './resources/version-set.ts';

/** Every information file whose properties are read. */
export const informationFiles: readonly InformationFile[] = [
  apiInformation,
  operationInformation,
  versionSetInformation,
  productInformation,
  subscriptionInformation,
  namedValueInformation,
  backendInformation,
  policyFragmentInformation,
  tagInformation,
  groupInformation,
  loggerInformation,
  diagnosticInformation,
  certificateInformation,
  userInformation,
  schemaInformation,
];
