import { namedLinkType } from '../named-link-type.ts';

/** An API in a product, as a resource with a name of its own. */
export const productApiLink = namedLinkType('products/apiLinks', 'apiId');
