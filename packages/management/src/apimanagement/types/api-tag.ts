import { linkType } from '../link-type.ts';

/** A tag of an API. */
export const apiTag = linkType('apis/tags', { target: 'tags', headStatus: 200 });
