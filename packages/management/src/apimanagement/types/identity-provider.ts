import { array, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { listSecrets } from '../list-secrets.ts';
import { only } from '../names.ts';

/** Where developers of the portal have their accounts. */
export const identityProvider = apiManagementType('identityProviders', {
  name: only('facebook', 'google', 'microsoft', 'twitter', 'aad', 'aadB2C'),
  body: {
    properties: object(
      {
        type: string({ values: ['facebook', 'google', 'microsoft', 'twitter', 'aad', 'aadB2C'] }),
        signinTenant: string(),
        allowedTenants: array(string(), { maxItems: 32 }),
        authority: string(),
        signupPolicyName: string(),
        signinPolicyName: string(),
        profileEditingPolicyName: string(),
        passwordResetPolicyName: string(),
        clientLibrary: string({ maxLength: 16 }),
        clientId: string({ required: true, minLength: 1 }),
        clientSecret: string({ required: true, secret: true }),
      },
      { required: true },
    ),
  },
  actions: [listSecrets('clientSecret')],
});
