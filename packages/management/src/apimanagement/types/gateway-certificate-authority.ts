import { boolean, object } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A certificate authority that a self-hosted gateway trusts. */
export const gatewayCertificateAuthority = apiManagementType('gateways/certificateAuthorities', {
  name: identifier,
  body: {
    properties: object(
      {
        isTrusted: boolean(),
      },
      { required: true },
    ),
  },
  ...withoutPatch,
});
