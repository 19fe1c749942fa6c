import { arrayFunctions } from './array.ts';
import { cidrFunctions } from './cidr.ts';
import { comparisonFunctions } from './comparison.ts';
import { dateFunctions } from './date.ts';
import type { FunctionGroup, TemplateFunction } from './definition.ts';
import { deploymentFunctions } from './deployment.ts';
import { lambdaFunctions } from './lambda.ts';
import { logicalFunctions } from './logical.ts';
import { numericFunctions } from './numeric.ts';
import { resourceFunctions } from './resource.ts';
import { resourceIdFunctions } from './resource-id.ts';
import { scopeFunctions } from './scope.ts';
import { stringFunctions } from './string.ts';
import { uriFunctions } from './uri.ts';

export { listFunction } from './resource.ts';

/** Every function of the template language, by the group that documents it. */
export const functionGroups: Readonly<Record<string, FunctionGroup>> = {
  array: arrayFunctions,
  cidr: cidrFunctions,
  comparison: comparisonFunctions,
  date: dateFunctions,
  deployment: deploymentFunctions,
  lambda: lambdaFunctions,
  logical: logicalFunctions,
  numeric: numericFunctions,
  resource: resourceFunctions,
  'resource ids': resourceIdFunctions,
  scope: scopeFunctions,
  string: stringFunctions,
  uri: uriFunctions,
};

/** The same by lower-case name: names have no case. */
export const functionTable: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.values(functionGroups).flatMap((group) =>
    Object.entries(group).map(([name, definition]) => [name.toLowerCase(), definition]),
  ),
);

/** `list`, `listKeys`, `listSecrets`, `listAnything`: every action of a provider whose name starts so is a function. */
export function isListFunction(name: string): boolean {
  return /^list[A-Za-z]*$/i.test(name);
}
