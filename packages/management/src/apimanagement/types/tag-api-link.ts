import { namedLinkType } from '../named-link-type.ts';

/** An API with a tag. */
export const tagApiLink = namedLinkType('tags/apiLinks', 'apiId');
