import { propertiesOf, withProperties } from '../../json/properties.ts';
import { refusedAction } from '../../refused/refused-action.ts';
import { array, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { conflict } from '../errors.ts';
import { identifier } from '../names.ts';

/** A developer. */
export const user = apiManagementType('users', {
  name: identifier,
  body: {
    properties: object(
      {
        firstName: string({ required: true, minLength: 1, maxLength: 100 }),
        lastName: string({ required: true, minLength: 1, maxLength: 100 }),
        email: string({ required: true, minLength: 1, maxLength: 254 }),
        password: string({ secret: true }),
        note: string(),
        state: string({ values: ['active', 'blocked', 'pending', 'deleted'], default: 'active' }),
        registrationDate: string({ readOnly: true }),
        identities: array(object({ provider: string(), id: string() })),
        appType: string({ values: ['portal', 'developerPortal'] }),
        confirmation: string({ values: ['signup', 'invite'] }),
      },
      { required: true },
    ),
  },
  put: {
    async prepare({ body, existing, id, reader, now }) {
      const properties = propertiesOf(body);
      const { items } = await reader.list({ parent: id.parentId, type: id.type, limit: 10_000 });
      const email = String(properties.email ?? '').toLowerCase();
      const taken = items.some(
        (other) =>
          other.key !== id.text.toLowerCase() && String(propertiesOf(other.body).email).toLowerCase() === email,
      );
      return {
        body: withProperties(body, {
          registrationDate: propertiesOf(existing?.body ?? {}).registrationDate ?? new Date(now).toISOString(),
          identities: properties.identities ?? [{ provider: 'Basic', id: properties.email ?? '' }],
        }),
        problems: taken
          ? [{ target: 'properties.email', message: `A user with the email '${properties.email}' exists already.` }]
          : [],
      };
    },
  },
  delete: {
    ifMatch: 'required',
    async prepare({ existing, id, query, reader }) {
      if (existing.key.endsWith('/users/1')) throw conflict('ValidationError', 'The administrator cannot be deleted.');
      if (query.get('deleteSubscriptions') !== 'true') return {};
      const type = id.type.replace(/users$/, 'subscriptions');
      const { items } = await reader.list({ parent: id.parentId, type, limit: 10_000 });
      const own = items.filter((one) =>
        String(propertiesOf(one.body).ownerId ?? '')
          .toLowerCase()
          .endsWith(existing.key.slice(id.parentId.length)),
      );
      return { operations: own.map((one) => ({ operation: 'delete' as const, id: one.id })) };
    },
  },
  actions: [
    refusedAction('generateSsoUrl', 'Signing in to the developer portal'),
    refusedAction('token', 'The direct management API'),
    {
      name: 'identities',
      method: 'GET',
      run: ({ resource }) => {
        const identities = propertiesOf(resource?.body ?? {}).identities;
        const value = Array.isArray(identities) ? identities : [];
        return { body: { value, count: value.length } };
      },
    },
  ],
});
