import { linkType } from '../link-type.ts';

/** A tag of an operation. */
export const apiOperationTag = linkType('apis/operations/tags', { target: 'tags', headStatus: 200 });
