import type { CallExpression } from '../syntax/ast.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { bindExpression } from './expressions.ts';
import { bindCallee } from './member-access.ts';
import { lookupTypes, memberNames } from './member-lookup.ts';
import { display, errorType } from './types.ts';

export function bindNameof(binder: Binder, call: CallExpression): Bound {
  const [arg] = call.args;
  if (!arg || call.args.length !== 1)
    return binder.fail('CS1501', "No overload for method 'nameof' takes these arguments", call);
  const { value } = arg;
  const name = value.kind === 'Name' ? value.name : value.kind === 'Member' ? value.name.text : undefined;
  if (name === undefined) return binder.fail('CS8081', 'Expression does not have a name.', value);
  if (value.kind === 'Member') {
    // `nameof(T.Member)` may name an instance member: only what stands before it must be known.
    const target = bindExpression(binder, value.target);
    const on = target.kind === 'TypeName' ? target.named : target.type;
    if (on.kind === 'named' || on.kind === 'array') {
      const types = lookupTypes(binder, on);
      if (!memberNames(types).has(name))
        return binder.fail(
          'CS0117',
          `'${display(on)}' does not contain a definition for '${name}'.${binder.didYouMean(name, memberNames(types))}`,
          value.name,
        );
      return binder.constant(name, binder.string, call);
    }
  }
  const bound = bindCallee(binder, value);
  return bound.type === errorType ? bound : binder.constant(name, binder.string, call);
}
