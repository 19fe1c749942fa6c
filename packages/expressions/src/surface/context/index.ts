import type { TypeDeclaration } from '../declare.ts';

export const contextTypes: readonly TypeDeclaration[] = [];
