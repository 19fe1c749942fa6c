import type { PolicyDefinition } from '../schema/definition.ts';

/** Every policy that is built, in the order of Azure's reference. Adding one: its file, and its line here. */
export const policies: readonly PolicyDefinition[] = [];
