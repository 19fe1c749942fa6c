import type { TypeDeclaration } from '../declare.ts';

export const linqTypes: readonly TypeDeclaration[] = [];
