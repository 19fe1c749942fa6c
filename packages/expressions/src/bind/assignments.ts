import type { Designation, Expression } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { explicitConversion } from './conversions.ts';
import { applyConversion, asValue, convert, converts } from './convert.ts';
import { bindExpression, bindValue } from './expressions.ts';
import { findProperty } from './member-lookup.ts';
import { bindOperator } from './operators.ts';
import { isNumeric } from './primitives.ts';
import { isVar, resolveType } from './type-syntax.ts';
import { display, errorType, isEnum, isNullable, isTuple, special, substitute, type Type } from './types.ts';

export function bindAssignment(binder: Binder, syntax: Expression & { kind: 'Assignment' }): Bound {
  const { operator, target, start, end } = syntax;
  if (operator === '=' && (target.kind === 'Tuple' || target.kind === 'Declaration' || isVarCall(target)))
    return bindDeconstruction(binder, syntax);
  if (operator === '=' && isDiscard(binder, target)) return bindValue(binder, syntax.value);
  const place = asValue(binder, bindExpression(binder, target));
  const value = bindExpression(binder, syntax.value);
  if (place.type === errorType) return place;
  if (!isAssignable(binder, place)) return binder.error(syntax);
  if (operator === '=') {
    const converted = convert(binder, value, place.type, syntax.value);
    return converted.type === errorType
      ? converted
      : { kind: 'Assign', type: place.type, target: place, value: converted, start, end };
  }
  const current = binder.temp();
  const read: Bound = { kind: 'Temp', temp: current, type: place.type, start: target.start, end: target.end };
  const computed = bindOperator(binder, operator.slice(0, -1), read, value, syntax);
  const back = convertBack(binder, computed, value, place.type, syntax);
  return back.type === errorType
    ? back
    : { kind: 'Update', type: place.type, target: place, current, value: back, gives: 'new', start, end };
}

/** `b += 1` for a byte: the result is cast when the operand alone would convert. C# specification, "Compound assignment". */
function convertBack(binder: Binder, computed: Bound, operand: Bound, to: Type, at: Span): Bound {
  if (computed.type === errorType || converts(binder, computed, to)) return convert(binder, computed, to, at);
  const conversion = explicitConversion(computed.type, to);
  const isShift = computed.kind === 'Binary' && (computed.operator === '<<' || computed.operator === '>>');
  if (conversion && (isShift || converts(binder, operand, to)))
    return applyConversion(binder, computed, to, conversion);
  return convert(binder, computed, to, at);
}

export function bindIncrement(binder: Binder, syntax: Expression & { kind: 'Increment' }): Bound {
  const { operator, prefix, operand, start, end } = syntax;
  const place = asValue(binder, bindExpression(binder, operand));
  if (place.type === errorType) return place;
  const inner = isNullable(place.type) ? place.type.args[0] : place.type;
  if (!inner || !(isNumeric(special(inner)) || isEnum(inner))) {
    return binder.fail(
      'CS0023',
      `Operator '${operator}' cannot be applied to operand of type '${display(place.type)}'`,
      syntax,
    );
  }
  if (!isAssignable(binder, place)) return binder.error(syntax);
  const current = binder.temp();
  const read: Bound = { kind: 'Temp', temp: current, type: place.type, start, end };
  const one = binder.constant(1, binder.int, syntax);
  const computed = bindOperator(binder, operator === '++' ? '+' : '-', read, one, syntax);
  // The operator is of the variable's own type: `c++` for a char gives a char.
  const conversion = explicitConversion(computed.type, place.type);
  const back = conversion ? applyConversion(binder, computed, place.type, conversion) : binder.error(syntax);
  return {
    kind: 'Update',
    type: place.type,
    target: place,
    current,
    value: back,
    gives: prefix ? 'new' : 'old',
    start,
    end,
  };
}

/** Can it stand left of `=`? Reports why not. */
export function isAssignable(binder: Binder, place: Bound): boolean {
  switch (place.kind) {
    case 'Local':
      if (place.symbol.constant)
        binder.report('CS0131', 'The left-hand side of an assignment must be a variable, property or indexer', place);
      else if (place.symbol.readOnly)
        binder.report(
          'CS1656',
          `Cannot assign to '${place.symbol.name}' because it is a '${place.symbol.readOnly}'`,
          place,
        );
      else return true;
      return false;
    case 'Property':
      if (place.property.set) return true;
      binder.report(
        'CS0200',
        (place.property.kind === 'indexer'
          ? `Property or indexer of '${display(place.property.owner.open)}' cannot be assigned to -- it is read only`
          : `Property or indexer '${display(place.property.owner.open)}.${place.property.name}' cannot be assigned to -- it is read only`) +
          readOnlyHint(place.property.owner.fullName),
        place,
      );
      return false;
    case 'Element':
      return true;
    case 'TupleElement':
      return isTupleVariable(binder, place.tuple);
    case 'Context':
      binder.report('CS0131', "'context' cannot be assigned", place);
      return false;
    default:
      binder.report('CS0131', 'The left-hand side of an assignment must be a variable, property or indexer', place);
      return false;
  }
}

/** Expressions cannot change the context: policies do. */
function readOnlyHint(owner: string): string {
  const isContext =
    owner.startsWith('Microsoft.Azure.ApiManagement.') || owner === 'System.Collections.Generic.IReadOnlyDictionary';
  return isContext
    ? ". What is in 'context' is changed by policies: set-variable, set-header, set-status, set-body ..."
    : '';
}

/** A field of a tuple can be set where the tuple itself is a variable: what a property or a method gives is a copy. */
function isTupleVariable(binder: Binder, tuple: Bound): boolean {
  switch (tuple.kind) {
    case 'Element':
      return true;
    case 'TupleElement':
      return isTupleVariable(binder, tuple.tuple);
    case 'Local':
      if (!tuple.symbol.readOnly) return true;
      binder.report(
        'CS1654',
        `Cannot modify members of '${tuple.symbol.name}' because it is a '${tuple.symbol.readOnly}'`,
        tuple,
      );
      return false;
    default:
      binder.report('CS1612', 'Cannot modify the return value because it is not a variable: change a copy', tuple);
      return false;
  }
}

const isDiscard = (binder: Binder, target: Expression) =>
  target.kind === 'Name' && target.name === '_' && !binder.scope.find('_');

/** `var (a, b)` is read as a call of `var`. */
function isVarCall(target: Expression): target is Expression & { kind: 'Call' } {
  return target.kind === 'Call' && target.target.kind === 'Name' && target.target.name === 'var';
}

type Place =
  | Bound
  | null
  | { readonly many: readonly Place[]; readonly at: Span }
  | { readonly declare: string; readonly at: Span; readonly type: Type | null };

function bindDeconstruction(binder: Binder, syntax: Expression & { kind: 'Assignment' }): Bound {
  const { target } = syntax;
  const places = isVarCall(target)
    ? { many: target.args.map((arg): Place => placeOfVar(binder, arg.value)), at: target }
    : placeOf(binder, target);
  const value = bindValue(binder, syntax.value);
  if (value.type === errorType) {
    deconstruct(binder, places, binder.error(syntax.value), []);
    return value;
  }
  const temp = binder.temp();
  const read: Bound = { kind: 'Temp', temp, type: value.type, start: value.start, end: value.end };
  const steps: Bound[] = [];
  deconstruct(binder, places, read, steps);
  return { kind: 'Sequence', type: value.type, temp, value, steps, result: read, start: syntax.start, end: syntax.end };
}

function placeOfVar(binder: Binder, syntax: Expression): Place {
  if (syntax.kind === 'Name') return syntax.name === '_' ? null : { declare: syntax.name, at: syntax, type: null };
  if (syntax.kind === 'Tuple') return { many: syntax.elements.map((e) => placeOfVar(binder, e.value)), at: syntax };
  return binder.fail('CS1001', 'Identifier expected', syntax);
}

function placeOf(binder: Binder, syntax: Expression): Place {
  if (syntax.kind === 'Tuple') return { many: syntax.elements.map((e) => placeOf(binder, e.value)), at: syntax };
  if (syntax.kind === 'Declaration')
    return placeOfDesignation(syntax.designation, isVar(syntax.type) ? null : resolveType(binder, syntax.type));
  if (isDiscard(binder, syntax)) return null;
  return asValue(binder, bindExpression(binder, syntax));
}

export function placeOfDesignation(designation: Designation, type: Type | null): Place {
  if (designation.kind === 'Many')
    return { many: designation.items.map((item) => placeOfDesignation(item, type)), at: designation };
  return designation.name === null || designation.name === '_'
    ? null
    : { declare: designation.name, at: designation, type };
}

/** The assignments that take the value apart into the places. */
export function deconstruct(binder: Binder, place: Place, value: Bound, steps: Bound[]): void {
  if (place === null) return;
  if ('many' in place) {
    deconstructTuple(binder, place, value, steps);
    return;
  }
  if ('declare' in place) {
    const local = binder.newLocal(place.declare, place.type ?? value.type, { hoisted: true });
    binder.declare(local, place.at);
    binder.hoisted.push(local);
    const target: Bound = { kind: 'Local', symbol: local, type: local.type, start: place.at.start, end: place.at.end };
    steps.push({
      kind: 'Assign',
      type: local.type,
      target,
      value: convert(binder, value, local.type, place.at),
      start: place.at.start,
      end: place.at.end,
    });
    return;
  }
  if (place.type === errorType || !isAssignable(binder, place)) return;
  steps.push({
    kind: 'Assign',
    type: place.type,
    target: place,
    value: convert(binder, value, place.type, place),
    start: place.start,
    end: place.end,
  });
}

function deconstructTuple(
  binder: Binder,
  place: { many: readonly Place[]; at: Span },
  value: Bound,
  steps: Bound[],
): void {
  const { type } = value;
  const parts = partsOf(binder, value, place.at);
  if (type !== errorType && parts?.length !== place.many.length) {
    binder.report(
      'CS8129',
      `A value of type '${display(type)}' cannot be taken apart into ${place.many.length} variables`,
      place.at,
    );
  }
  place.many.forEach((inner, index) => {
    deconstruct(binder, inner, parts?.[index] ?? binder.error(place.at), steps);
  });
}

/** What `var (a, b) = value` reads: the elements of a tuple; the properties of a Tuple or a KeyValuePair, which have a Deconstruct method. */
function partsOf(binder: Binder, value: Bound, { start, end }: Span): Bound[] | undefined {
  const { type } = value;
  if (isTuple(type))
    return type.args.map((element, index) => ({
      kind: 'TupleElement',
      type: element,
      tuple: value,
      index,
      start,
      end,
    }));
  if (type.kind !== 'named') return undefined;
  const names = deconstructed[type.definition.fullName]?.slice(0, type.args.length);
  return names?.map((name) => {
    const found = findProperty([type], name, false);
    return found
      ? {
          kind: 'Property',
          type: substitute(found.property.type, found.substitution),
          property: found.property,
          receiver: value,
          args: [],
          start,
          end,
        }
      : binder.error({ start, end });
  });
}

const deconstructed: Readonly<Record<string, readonly string[]>> = {
  'System.Tuple': ['Item1', 'Item2', 'Item3', 'Item4', 'Item5', 'Item6', 'Item7'],
  'System.Collections.Generic.KeyValuePair': ['Key', 'Value'],
};
