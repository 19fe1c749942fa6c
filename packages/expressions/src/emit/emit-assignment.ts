import type { Bound } from '../bind/bound.ts';
import { fullName, isReferenceType, special } from '../bind/types.ts';
import { elementAt, setElementAt, setReferenceAt } from '../runtime/operators.ts';
import { withItem } from '../runtime/tuple.ts';
import { emitReceiver, parameterType } from './emit-call.ts';
import { emitExpression } from './emit-expression.ts';
import { type Emitter, isUniformPosition } from './emitter.ts';

export function emitAssign(emitter: Emitter, node: Bound & { kind: 'Assign' }, wanted: boolean): string {
  const value = emitExpression(emitter, node.value);
  if (node.target.kind === 'Local') return `(${emitter.local(node.target.symbol)}=${value})`;
  const place = emitPlace(emitter, node.target);
  if (!wanted) return `(${[...place.setup, place.write(value)].join(',')})`;
  const temp = emitter.extraTemp();
  return `(${[...place.setup, `${temp}=${value}`, place.write(temp), temp].join(',')})`;
}

/** Writes to a place that is read nowhere else in the same expression: the target of an `out` argument. */
export function emitStore(emitter: Emitter, target: Bound, value: string): string {
  if (target.kind === 'Local') return `${emitter.local(target.symbol)}=${value}`;
  const place = emitPlace(emitter, target);
  return [...place.setup, place.write(value)].join(',');
}

export function emitUpdate(emitter: Emitter, node: Bound & { kind: 'Update' }, wanted: boolean): string {
  const old = wanted && node.gives === 'old';
  if (node.target.kind === 'Local') {
    const name = emitter.local(node.target.symbol);
    if (!old) {
      emitter.alias(node.current, name);
      return `(${name}=${emitExpression(emitter, node.value)})`;
    }
    const before = emitter.temp(node.current);
    return `(${before}=${name},${name}=${emitExpression(emitter, node.value)},${before})`;
  }
  const place = emitPlace(emitter, node.target);
  const before = emitter.temp(node.current);
  const steps = [...place.setup, `${before}=${place.read()}`];
  const value = emitExpression(emitter, node.value);
  if (!wanted || old) return `(${[...steps, place.write(value), ...(old ? [before] : [])].join(',')})`;
  const after = emitter.extraTemp();
  return `(${[...steps, `${after}=${value}`, place.write(after), after].join(',')})`;
}

interface Place {
  /** Evaluates the receiver and the indexes, once. */
  readonly setup: readonly string[];
  read(): string;
  write(value: string): string;
}

function emitPlace(emitter: Emitter, target: Bound): Place {
  const setup: string[] = [];
  const keep = (code: string) => {
    const temp = emitter.extraTemp();
    setup.push(`${temp}=${code}`);
    return temp;
  };
  if (target.kind === 'Element') {
    const array = keep(emitExpression(emitter, target.array));
    const index = keep(emitExpression(emitter, target.index));
    const isByte = special(target.type) === 'byte';
    return {
      setup,
      read: () => {
        const code = `${emitter.ref(elementAt)}(${array},${index})`;
        return isByte ? code : emitter.fromUniform(target.type, code);
      },
      write: (value) =>
        isReferenceType(target.type) && special(target.type) !== 'string'
          ? `${emitter.ref(setReferenceAt)}(${array},${index},${value},${JSON.stringify(fullName(target.type))},${emitter.ref(emitter.types.fitsElement)})`
          : `${emitter.ref(setElementAt)}(${array},${index},${isByte ? value : emitter.toUniform(target.type, value)})`,
    };
  }
  if (target.kind === 'Local') {
    const name = emitter.local(target.symbol);
    return { setup, read: () => name, write: (value) => `${name}=${value}` };
  }
  if (target.kind === 'TupleElement') return emitTupleField(emitter, target);
  if (target.kind !== 'Property') throw new Error(`A '${target.kind}' node cannot be assigned.`);
  const { property } = target;
  const args: string[] = [];
  if (target.receiver) args.push(keep(emitReceiver(emitter, target.receiver, property.owner.open)));
  target.args.forEach((arg, i) => {
    const code = emitExpression(emitter, arg);
    args.push(
      keep(isUniformPosition(parameterType(property.parameters, i)) ? emitter.toUniform(arg.type, code) : code),
    );
  });
  const uniform = isUniformPosition(property.type);
  return {
    setup,
    read: () => {
      const code = `${emitter.ref(property.get)}(${args.join(',')})`;
      return uniform ? emitter.fromUniform(target.type, code) : code;
    },
    write: (value) => {
      emitter.reads.add('unfolded');
      return `${emitter.ref(property.set)}(${[...args, uniform ? emitter.toUniform(target.type, value) : value].join(',')})`;
    },
  };
}

/** A tuple is a value: a changed one takes the place of the old one, which others may have. */
function emitTupleField(emitter: Emitter, target: Bound & { kind: 'TupleElement' }): Place {
  const tuple = emitPlace(emitter, target.tuple);
  return {
    setup: tuple.setup,
    read: () => emitter.fromUniform(target.type, `${tuple.read()}.items[${target.index}]`),
    write: (value) =>
      tuple.write(`${emitter.ref(withItem)}(${tuple.read()},${target.index},${emitter.toUniform(target.type, value)})`),
  };
}
