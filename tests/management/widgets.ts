import { array, boolean, integer, object, type ResourceProvider, string } from '@lazuli/management';

/** A provider for tests: what the frame does for every type can be seen on these two. */
export const widgetProvider: ResourceProvider = {
  namespace: 'Contoso.Widgets',
  displayName: 'Contoso Widgets',
  apiVersions: ['2024-01-01', '2023-01-01'],
  types: [
    {
      type: 'Contoso.Widgets/factories',
      tracked: true,
      name: { pattern: /^[a-z][a-z0-9-]{1,40}$/i, says: '2 to 41 letters, digits and hyphens' },
      body: {
        sku: object({ name: string({ required: true, values: ['Basic', 'Premium'] }) }),
        properties: object({
          capacity: integer({ default: 1, minimum: 1, maximum: 10 }),
          adminKey: string({ secret: true }),
          provisioningState: string({ readOnly: true, default: 'Succeeded' }),
        }),
      },
      put: {},
      patch: {},
      delete: {},
      actions: [
        {
          name: 'listKeys',
          async run({ id, reader }) {
            return { body: { key: (await reader.readSecrets(id.text)).get('properties/adminKey') ?? null } };
          },
        },
        { name: 'inspect', readOnly: true, run: () => ({ body: { inspected: true } }) },
      ],
    },
    {
      type: 'Contoso.Widgets/factories/widgets',
      name: { pattern: /^[^/]{1,80}$/, says: '1 to 80 characters' },
      body: {
        properties: object(
          {
            displayName: string({ required: true, maxLength: 100 }),
            colours: array(string({ values: ['red', 'green'] })),
            isHeavy: boolean({ default: false }),
          },
          { required: true },
        ),
      },
      get: { headStatus: 200 },
      put: {},
      patch: { ifMatch: 'required' },
      delete: { ifMatch: 'required' },
      list: { count: true, pageSize: 100 },
    },
  ],
  actions: [
    {
      name: 'checkNameAvailability',
      scopes: ['subscription'],
      body: object({ name: string({ required: true }) }),
      run: ({ body }) => ({ body: { nameAvailable: body.name !== 'taken' } }),
    },
  ],
};
