import type { TypeDeclaration } from '../declare.ts';

export const cryptographyTypes: readonly TypeDeclaration[] = [];
