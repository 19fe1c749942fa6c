import { namedLinkType } from '../named-link-type.ts';

/** A product with a tag. */
export const tagProductLink = namedLinkType('tags/productLinks', 'productId');
