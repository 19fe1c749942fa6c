import type { ProviderAction } from '../contract.ts';
import { object, string } from '../schema/schema.ts';

/** Words that Azure does not let into names of resources ("Resolve reserved resource name errors"). */
const reserved = [
  'microsoft',
  'windows',
  'azure',
  'office365',
  'xbox',
  'skype',
  'bing',
  'msn',
  'onedrive',
  'sharepoint',
];
const reservedParts = ['microsoft', 'windows'];

export const checkResourceName: ProviderAction = {
  name: 'checkResourceName',
  scopes: ['tenant'],
  open: true,
  body: object({ name: string({ required: true }), type: string({ required: true }) }),
  run({ body }) {
    const name = String(body.name);
    const lower = name.toLowerCase();
    const isReserved = reserved.includes(lower) || reservedParts.some((part) => lower.includes(part));
    return { body: { name, type: String(body.type), status: isReserved ? 'Reserved' : 'Allowed' } };
  },
};
