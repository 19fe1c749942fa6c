import type { TypeDeclaration } from '../declare.ts';

export const collectionsTypes: readonly TypeDeclaration[] = [];
