import { namedLinkType } from '../named-link-type.ts';

/** An operation with a tag. */
export const tagOperationLink = namedLinkType('tags/operationLinks', 'operationId');
