/** One entry of `permissions` of a role definition. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/** A role's permissions, ready to be asked. */
export interface CompiledPermission {
  allows(action: string, isDataAction: boolean): boolean;
}

/**
 * `actions` minus `notActions`: a subtraction within one role, not a denial ("Understand Azure role definitions"). `*` stands
 * for any characters, slashes included; case does not count.
 */
export function compilePermission(permission: Permission): CompiledPermission {
  const actions = permission.actions.map(compileAction);
  const notActions = permission.notActions.map(compileAction);
  const dataActions = permission.dataActions.map(compileAction);
  const notDataActions = permission.notDataActions.map(compileAction);
  return {
    allows(action, isDataAction) {
      const lower = action.toLowerCase();
      const [allowed, excluded] = isDataAction ? [dataActions, notDataActions] : [actions, notActions];
      return allowed.some((test) => test(lower)) && !excluded.some((test) => test(lower));
    },
  };
}

/** A matcher of actions in lower case. Linear in the length of the action, whatever the pattern. */
export function compileAction(pattern: string): (action: string) => boolean {
  const parts = pattern.toLowerCase().split('*');
  const first = parts[0] as string;
  if (parts.length === 1) return (action) => action === first;
  const last = parts.at(-1) as string;
  const middle = parts.slice(1, -1);
  return (action) => {
    if (!action.startsWith(first)) return false;
    let at = first.length;
    for (const part of middle) {
      const found = action.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return action.length - last.length >= at && action.endsWith(last);
  };
}
