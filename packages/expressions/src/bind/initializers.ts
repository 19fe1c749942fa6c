import type { Initializer, MemberInitializer } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import { bindArguments } from './arguments.ts';
import { isAssignable } from './assignments.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { callGroup } from './calls.ts';
import { convert } from './convert.ts';
import { indexInto } from './element-access.ts';
import { bindExpression } from './expressions.ts';
import { findMethods, findProperty, lookupTypes, memberNames } from './member-lookup.ts';
import type { BoundArgument } from './overloads.ts';
import { display, errorType, methodGroupType, substitute } from './types.ts';

/** `new T(...) { A = 1, ["k"] = 2 }` and `new T { x, { k, v } }`. */
export function applyInitializer(binder: Binder, creation: Bound, initializer: Initializer): Bound {
  const temp = binder.temp();
  const self: Bound =
    creation.type === errorType
      ? creation
      : { kind: 'Temp', temp, type: creation.type, start: creation.start, end: creation.end };
  const steps: Bound[] = [];
  initialize(binder, self, initializer, steps);
  if (creation.type === errorType) return creation;
  return {
    kind: 'Initialized',
    type: creation.type,
    creation,
    temp,
    steps,
    start: creation.start,
    end: initializer.end,
  };
}

function initialize(binder: Binder, self: Bound, initializer: Initializer, steps: Bound[]): void {
  if (initializer.kind === 'ObjectInitializer') {
    for (const member of initializer.members) initializeMember(binder, self, member, steps);
    return;
  }
  for (const element of initializer.elements) {
    const args = element.map(
      (value): BoundArgument => ({
        name: null,
        mode: 'value',
        value: bindExpression(binder, value),
        start: value.start,
        end: value.end,
      }),
    );
    const [first] = element;
    if (self.type === errorType || !first) continue;
    const at: Span = { start: first.start, end: element.at(-1)?.end ?? first.end };
    const levels = findMethods(lookupTypes(binder, self.type), 'Add', false);
    if (levels.length === 0) {
      binder.report(
        'CS1922',
        `Cannot initialize type '${display(self.type)}' with a collection initializer because it has no 'Add'`,
        initializer,
      );
      return;
    }
    steps.push(
      callGroup(
        binder,
        {
          kind: 'MethodGroup',
          type: methodGroupType,
          name: 'Add',
          receiver: self,
          on: self.type,
          levels,
          typeArgs: null,
          function: null,
          nameSpan: at,
          ...at,
        },
        args,
        at,
      ),
    );
  }
}

function initializeMember(binder: Binder, self: Bound, member: MemberInitializer, steps: Bound[]): void {
  const place = memberPlace(binder, self, member);
  const { value } = member;
  if (value.kind === 'ObjectInitializer' || value.kind === 'CollectionInitializer') {
    initialize(binder, place, value, steps);
    return;
  }
  const bound = bindExpression(binder, value);
  if (place.type === errorType || !isAssignable(binder, place)) return;
  const converted = convert(binder, bound, place.type, value);
  steps.push({
    kind: 'Assign',
    type: place.type,
    target: place,
    value: converted,
    start: member.start,
    end: member.end,
  });
}

function memberPlace(binder: Binder, self: Bound, member: MemberInitializer): Bound {
  if (member.index) {
    const args = bindArguments(binder, member.index);
    return self.type === errorType
      ? self
      : indexInto(binder, self, args, { start: member.start, end: member.index.at(-1)?.end ?? member.end });
  }
  if (!member.name || self.type === errorType) return binder.error(member);
  const { text, start, end } = member.name;
  const types = lookupTypes(binder, self.type);
  const found = findProperty(types, text, false);
  if (!found) {
    return binder.fail(
      'CS0117',
      `'${display(self.type)}' does not contain a definition for '${text}'.${binder.didYouMean(text, memberNames(types))}`,
      member.name,
    );
  }
  return {
    kind: 'Property',
    type: substitute(found.property.type, found.substitution),
    property: found.property,
    receiver: self,
    args: [],
    start,
    end,
  };
}
