import type { JsonObject } from '@lazuli/store';
import { any, boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { withDefaultDocument } from '../default-document.ts';
import { listSecrets } from '../list-secrets.ts';
import { only } from '../names.ts';

const defaults: Readonly<Record<string, JsonObject>> = {
  signin: { enabled: false },
  signup: { enabled: true, termsOfService: { enabled: false, consentRequired: false } },
  delegation: { subscriptions: { enabled: false }, userRegistration: { enabled: false } },
};

/** Sign-in, sign-up and delegation of the developer portal; each is always there. */
export const portalSetting = withDefaultDocument(
  apiManagementType('portalsettings', {
    name: only('signin', 'signup', 'delegation'),
    body: {
      properties: object(
        {
          enabled: boolean(),
          termsOfService: any(),
          url: string(),
          validationKey: string({ secret: true }),
          subscriptions: any(),
          userRegistration: any(),
        },
        { required: true },
      ),
    },
    put: { created: 200 },
    patch: { ifMatch: 'required', status: 204 },
    delete: undefined,
    actions: [listSecrets('validationKey')],
  }),
  defaults,
);
