import type { TypeDeclaration } from '../declare.ts';

export const textTypes: readonly TypeDeclaration[] = [];
