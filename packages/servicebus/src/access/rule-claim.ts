import type { Claim, Right } from '../contract.ts';
import { type AuthorizationRule, gives, keysOf, rulesNamed } from './authorization-rule.ts';
import { isAtOrBelow, pathOf } from './resource-path.ts';

/** What a claim by an authorization rule rests on. */
export interface RuleGrant {
  /** Authorization rules at a path as they are now. */
  readonly rules: (path: string) => readonly AuthorizationRule[];
  /** Where the rule is. */
  readonly rulePath: string;
  readonly ruleName: string;
  /** The key that was used: when it is rotated away, the claim ends. */
  readonly key: string;
  readonly path: string;
  readonly expiresAt: number;
}

/** A claim that asks the rules anew each time: taken rights, deleted rules and rotated keys count at once. */
export function ruleClaim(grant: RuleGrant): Claim {
  const { rules, rulePath, ruleName, key, path, expiresAt } = grant;
  let lastAsked = '';
  let lastCovered = isAtOrBelow('', path);
  return {
    path,
    expiresAt,
    who: ruleName,
    allows(right: Right, entityPath: string): boolean {
      if (entityPath !== lastAsked) {
        lastCovered = isAtOrBelow(pathOf(entityPath), path);
        lastAsked = entityPath;
      }
      if (!lastCovered) return false;
      return rulesNamed(rules(rulePath), ruleName).some((rule) => keysOf(rule).includes(key) && gives(rule, right));
    },
  };
}
