import type { TypeDeclaration } from '../declare.ts';

export const newtonsoftTypes: readonly TypeDeclaration[] = [];
