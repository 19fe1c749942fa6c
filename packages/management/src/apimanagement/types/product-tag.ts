import { linkType } from '../link-type.ts';

/** A tag of a product. */
export const productTag = linkType('products/tags', { target: 'tags', headStatus: 200 });
