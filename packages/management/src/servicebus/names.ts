import { authorizationRuleNameProblem, entityNameProblem } from '@lazuli/resources';
import type { NameRule } from '../contract.ts';

/** Also the first label of a host name. */
export const namespaceName: NameRule = {
  pattern: /^[A-Za-z](?!.*(-|-sb|-mgmt)$)[A-Za-z0-9-]{5,49}$/,
  says: '6 to 50 letters, digits and hyphens, beginning with a letter, ending with a letter or digit, and not with -sb or -mgmt',
};

/** Of queues and topics: Resource Manager writes `~` for the slashes in their names. */
export const entityName: NameRule = {
  isName: (name) => entityNameProblem('queue', entityPathOf(name)) === undefined,
  says: "1 to 260 letters, digits, periods, hyphens and underscores, with '~' for each slash, beginning with a letter or digit",
};

export const subscriptionName: NameRule = {
  isName: (name) => entityNameProblem('subscription', name) === undefined,
  says: '1 to 50 letters, digits, periods, hyphens and underscores, beginning with a letter or digit',
};

export const ruleName: NameRule = {
  isName: (name) => entityNameProblem('rule', name) === undefined,
  says: '1 to 50 letters, digits, periods, hyphens and underscores',
};

export const authorizationRuleName: NameRule = {
  isName: (name) => authorizationRuleNameProblem(name) === undefined,
  says: '1 to 256 letters, digits, periods, hyphens and underscores, beginning with a letter or digit',
};

/** `sales~orders` is the queue `sales/orders`. */
export function entityPathOf(name: string): string {
  return name.replaceAll('~', '/');
}

/** What a queue or topic of that path (or URL of one) is called in Resource Manager. */
export function entityNameOf(path: string): string {
  return path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, '').replaceAll('/', '~');
}
