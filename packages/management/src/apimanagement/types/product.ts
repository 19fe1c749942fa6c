import { textOf } from '../../json/properties.ts';
import { boolean, integer, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { conflict } from '../errors.ts';
import { longIdentifier } from '../names.ts';

/** APIs that developers subscribe to together. */
export const product = apiManagementType('products', {
  name: longIdentifier,
  body: {
    properties: object(
      {
        displayName: string({ required: true, minLength: 1, maxLength: 300 }),
        description: string({ maxLength: 1000 }),
        terms: string(),
        subscriptionRequired: boolean({ default: true }),
        // Of subscriptions: without them the two mean nothing, and templates carry them all the same.
        approvalRequired: boolean(),
        subscriptionsLimit: integer({ nullable: true, minimum: 0 }),
        state: string({ values: ['notPublished', 'published'], default: 'notPublished' }),
      },
      { required: true },
    ),
  },
  delete: {
    ifMatch: 'required',
    /** Subscriptions go with the product only when the caller says so. */
    async prepare({ existing, id, query, reader }) {
      const { items } = await reader.list({
        parent: id.parentId,
        type: `${id.type.replace(/products$/, 'subscriptions')}`,
        limit: 10_000,
      });
      const own = items.filter((one) => isScopedTo(textOf(one, 'scope') ?? '', existing.key));
      if (own.length > 0 && query.get('deleteSubscriptions') !== 'true')
        throw conflict(
          'ValidationError',
          `Cannot delete the product: it has ${own.length} subscriptions. Add deleteSubscriptions=true to delete them with it.`,
        );
      return { operations: own.map((one) => ({ operation: 'delete' as const, id: one.id })) };
    },
  },
});

function isScopedTo(scope: string, productKey: string): boolean {
  const lower = scope.toLowerCase();
  return lower === productKey || productKey.endsWith(lower);
}
