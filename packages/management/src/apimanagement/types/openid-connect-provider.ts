import { boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { listSecrets } from '../list-secrets.ts';
import { identifier } from '../names.ts';

/** An OpenID Connect provider that the developer portal signs in at. */
export const openIdConnectProvider = apiManagementType('openidConnectProviders', {
  name: identifier,
  body: {
    properties: object(
      {
        displayName: string({ required: true, maxLength: 50 }),
        description: string(),
        metadataEndpoint: string({ required: true }),
        clientId: string({ required: true }),
        clientSecret: string({ secret: true }),
        useInTestConsole: boolean({ default: true }),
        useInApiDocumentation: boolean({ default: false }),
      },
      { required: true },
    ),
  },
  actions: [listSecrets('clientSecret')],
});
