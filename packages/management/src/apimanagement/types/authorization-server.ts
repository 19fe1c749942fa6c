import { array, boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { listSecrets } from '../list-secrets.ts';
import { identifier } from '../names.ts';

/** An OAuth 2.0 server that the developer portal signs in at. */
export const authorizationServer = apiManagementType('authorizationServers', {
  name: identifier,
  body: {
    properties: object(
      {
        displayName: string({ required: true, minLength: 1, maxLength: 50 }),
        description: string(),
        clientRegistrationEndpoint: string({ required: true }),
        authorizationEndpoint: string({ required: true }),
        authorizationMethods: array(
          string({ values: ['HEAD', 'OPTIONS', 'TRACE', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'] }),
        ),
        clientAuthenticationMethod: array(string({ values: ['Basic', 'Body'] })),
        tokenBodyParameters: array(object({ name: string({ required: true }), value: string({ required: true }) })),
        tokenEndpoint: string(),
        supportState: boolean(),
        defaultScope: string(),
        grantTypes: array(
          string({
            values: [
              'authorizationCode',
              'authorizationCodeWithPkce',
              'implicit',
              'resourceOwnerPassword',
              'clientCredentials',
            ],
          }),
          { required: true },
        ),
        bearerTokenSendingMethods: array(string({ values: ['authorizationHeader', 'query'] })),
        clientId: string({ required: true }),
        clientSecret: string({ secret: true }),
        resourceOwnerUsername: string({ secret: true }),
        resourceOwnerPassword: string({ secret: true }),
        useInTestConsole: boolean({ default: true }),
        useInApiDocumentation: boolean({ default: false }),
      },
      { required: true },
    ),
  },
  actions: [listSecrets('clientSecret', 'resourceOwnerUsername', 'resourceOwnerPassword')],
});
