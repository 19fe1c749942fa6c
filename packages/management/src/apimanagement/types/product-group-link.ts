import { namedLinkType } from '../named-link-type.ts';

/** A group that sees a product, as a resource with a name of its own. */
export const productGroupLink = namedLinkType('products/groupLinks', 'groupId');
