const known = ['Listen', 'Manage', 'Send'] as const;

export type AuthorizationRight = (typeof known)[number];

/** What an authorization rule gives, each right once and as Azure writes it; or why it is none: who manages sends and listens too. */
export function readAuthorizationRights(
  value: unknown,
): { readonly rights: readonly AuthorizationRight[] } | { readonly problem: string } {
  if (!Array.isArray(value) || value.length === 0)
    return { problem: `'rights' must be an array of at least one of ${known.join(', ')}.` };
  const given = new Set(value.map((right) => String(right).toLowerCase()));
  const rights = known.filter((right) => given.has(right.toLowerCase()));
  if (rights.length !== given.size) {
    const strange = value.find((right) => !rights.some((one) => one.toLowerCase() === String(right).toLowerCase()));
    return { problem: `'rights' has '${String(strange).slice(0, 100)}'; expected ${known.join(', ')}.` };
  }
  if (rights.includes('Manage') && rights.length < known.length)
    return { problem: "The right 'Manage' goes with 'Send' and 'Listen'." };
  return { rights };
}

/** Why it is no name of an authorization rule; undefined: it is one. */
export function authorizationRuleNameProblem(name: string): string | undefined {
  if (/^[A-Za-z0-9]([\w.-]{0,254}[A-Za-z0-9_])?$/.test(name)) return undefined;
  return `'${name.slice(0, 300)}' is no name of an authorization rule: expected 1 to 256 letters, digits, periods, hyphens and underscores, beginning with a letter or a digit.`;
}
