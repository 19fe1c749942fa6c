import { boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A host name of a self-hosted gateway. */
export const gatewayHostnameConfiguration = apiManagementType('gateways/hostnameConfigurations', {
  name: identifier,
  body: {
    properties: object(
      {
        hostname: string(),
        certificateId: string(),
        negotiateClientCertificate: boolean(),
        tls10Enabled: boolean(),
        tls11Enabled: boolean(),
        http2Enabled: boolean(),
      },
      { required: true },
    ),
  },
  ...withoutPatch,
});
