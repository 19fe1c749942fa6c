import type { PolicyDefinition } from '../schema/definition.ts';
import { choose } from './choose.ts';
import { forwardRequest } from './forward-request.ts';

/** Every policy that is built, in the order of Azure's reference. Adding one: its file, and its line here. */
export const policies: readonly PolicyDefinition[] = [
  // Routing
  forwardRequest,
  // Policy control and flow
  choose,
];
