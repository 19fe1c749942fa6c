import { linkType } from '../link-type.ts';

/** A group that sees a product. */
export const productGroup = linkType('products/groups', { target: 'groups', headStatus: 204 });
