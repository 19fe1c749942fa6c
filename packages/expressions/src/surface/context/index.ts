import type { TypeDeclaration } from '../declare.ts';
import { authorizationType } from './authorization.ts';
import { basicTypes } from './basic.ts';
import { contextType } from './context.ts';
import { entityTypes } from './entities.ts';
import { jwtTypes } from './jwt.ts';
import { userVariableCastType } from './lookups.ts';
import { messageTypes } from './message.ts';
import { syntaxExtensionsType } from './syntax-extensions.ts';
import { urlType } from './url.ts';

/** `context` and everything that is reached from it (the page "API Management policy expressions"). */
export const contextTypes: readonly TypeDeclaration[] = [
  contextType,
  ...entityTypes,
  ...messageTypes,
  urlType,
  ...jwtTypes,
  ...basicTypes,
  authorizationType,
  syntaxExtensionsType,
  userVariableCastType,
];
