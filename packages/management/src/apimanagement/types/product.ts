import type { JsonObject } from '@lazuli/store';
import type { BodyProblem } from '../../contract.ts';
import { boolean, integer, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { conflict } from '../errors.ts';
import { longIdentifier } from '../names.ts';
import { propertiesOf, textOf } from '../properties.ts';

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
        approvalRequired: boolean(),
        subscriptionsLimit: integer({ nullable: true, minimum: 0 }),
        state: string({ values: ['notPublished', 'published'], default: 'notPublished' }),
      },
      { required: true },
    ),
  },
  put: { prepare: ({ body }) => ({ problems: problemsOf(body) }) },
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

/** Approval and limits are of subscriptions: a product without them has neither. */
function problemsOf(body: JsonObject): BodyProblem[] {
  const { subscriptionRequired, approvalRequired, subscriptionsLimit } = propertiesOf(body);
  if (subscriptionRequired !== false) return [];
  const problems: BodyProblem[] = [];
  if (approvalRequired === true)
    problems.push({
      target: 'properties.approvalRequired',
      message: 'approvalRequired can be true only for a product with subscriptionRequired.',
    });
  if (typeof subscriptionsLimit === 'number')
    problems.push({
      target: 'properties.subscriptionsLimit',
      message: 'subscriptionsLimit can be given only for a product with subscriptionRequired.',
    });
  return problems;
}
