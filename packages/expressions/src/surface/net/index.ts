import type { TypeDeclaration } from '../declare.ts';

export const netTypes: readonly TypeDeclaration[] = [];
