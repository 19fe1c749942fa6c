import { linkType } from '../link-type.ts';

/** An API in a product. */
export const productApi = linkType('products/apis', { target: 'apis', headStatus: 204 });
