import { declareType, type TypeDeclaration } from '../declare.ts';
import { basicExtensions } from './basic.ts';
import { jwtExtensions } from './jwt.ts';
import { lookupExtensions } from './lookups.ts';

/**
 * The class that holds the extension methods of expressions. It has the name that Azure's contract file for expression
 * authors gives it (the Visual Studio Code extension of API Management puts it into a project), so that a static call
 * such as `ExpressionSyntaxExtensions.AsJwt(token)` compiles too. Those of byte[] and of certificates are in
 * `CryptographyExtensions`.
 */
export const syntaxExtensionsType: TypeDeclaration = declareType({
  name: 'Microsoft.Azure.ApiManagement.ExpressionSyntaxExtensions',
  kind: 'static',
  members: { ...lookupExtensions, ...basicExtensions, ...jwtExtensions },
});
