import type { TypeDeclaration } from '../declare.ts';

export const xmlTypes: readonly TypeDeclaration[] = [];
