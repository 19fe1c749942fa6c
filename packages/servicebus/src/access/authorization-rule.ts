import type { Right } from '../contract.ts';

/** A shared access authorization rule as it is now. */
export interface AuthorizationRule {
  readonly name: string;
  readonly rights: readonly Right[];
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

/** `Manage` stands for all three ("Service Bus access control with Shared Access Signatures"). */
export function gives(rule: AuthorizationRule, right: Right): boolean {
  return rule.rights.includes(right) || rule.rights.includes('Manage');
}

/** Names count without regard to case, as those of all resources do. */
export function rulesNamed(rules: readonly AuthorizationRule[], name: string): readonly AuthorizationRule[] {
  const lower = name.toLowerCase();
  return rules.filter((rule) => rule.name.toLowerCase() === lower);
}

/** Keys of a rule that sign and open something: a key that is not there opens nothing. */
export function keysOf(rule: AuthorizationRule): readonly string[] {
  return [rule.primaryKey, rule.secondaryKey].filter((key) => key !== '');
}
