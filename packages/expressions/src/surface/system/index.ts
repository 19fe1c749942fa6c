import type { TypeDeclaration } from '../declare.ts';

export const systemTypes: readonly TypeDeclaration[] = [];
