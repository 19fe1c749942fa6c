import { choose } from '../policies/choose.ts';
import type { AttributeSchema, PolicyDefinition } from '../schema/definition.ts';

/** Policies with every kind of attribute and content, so that tests of the compiler do not depend on real ones. */
const optional: Omit<AttributeSchema, 'type'> = { expression: true };

const everywhere = {
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
} as const;

/** Records its values in variables named after its attributes. */
export const record: PolicyDefinition = {
  ...everywhere,
  name: 'trace',
  element: {
    attributes: {
      name: { type: 'string', required: true, expression: true, nonEmpty: true },
      flag: { type: 'boolean', default: 'false', expression: true },
      count: { type: 'int', default: '7', expression: true, min: 1, max: 10 },
      big: { type: 'long', ...optional },
      ratio: { type: 'double', ...optional, min: 0 },
      when: { type: 'dateTime', expression: false },
      kind: { type: 'enum', values: ['one', 'two'], default: 'one', expression: true },
      fixed: { type: 'int', expression: false },
    },
    text: { required: false, expression: true },
  },
  compile(element, compiler) {
    const name = compiler.string(element, 'name');
    const flag = compiler.boolean(element, 'flag');
    const count = compiler.int(element, 'count');
    const big = compiler.has(element, 'big') ? compiler.long(element, 'big') : null;
    const ratio = compiler.has(element, 'ratio') ? compiler.double(element, 'ratio') : null;
    const kind = compiler.choice(element, 'kind');
    const text = compiler.text(element);
    return (exchange) => {
      exchange.variables.set('name', name.get(exchange));
      exchange.variables.set('flag', flag.get(exchange));
      exchange.variables.set('count', count.get(exchange));
      exchange.variables.set('big', big?.get(exchange));
      exchange.variables.set('ratio', ratio?.get(exchange));
      exchange.variables.set('kind', kind.get(exchange));
      exchange.variables.set('text', text.get(exchange));
      return undefined;
    };
  },
};

const value = { attributes: {}, text: { required: true, expression: true } } as const;

/** Children in an order, with counts. */
export const ordered: PolicyDefinition = {
  ...everywhere,
  name: 'check-header',
  sections: ['inbound'],
  scopes: ['api', 'operation'],
  element: {
    attributes: {},
    children: {
      kind: 'sequence',
      items: [
        { name: 'first', min: 1, max: 1, element: value },
        { name: 'second', min: 0, max: 2, element: value },
        { name: 'third', min: 0, max: 1, element: { attributes: {} } },
      ],
    },
  },
  compile: () => () => undefined,
};

/** Children in any order, and policies of some kinds. */
export const holder: PolicyDefinition = {
  ...everywhere,
  name: 'wait',
  element: {
    attributes: { for: { type: 'enum', values: ['all', 'any'], default: 'all', expression: false } },
    children: { kind: 'policies', only: ['trace', 'choose'], min: 1 },
  },
  compile(element, compiler) {
    const steps = compiler.steps(element);
    return (exchange) => compiler.run(steps, exchange);
  },
};

export const testPolicies: readonly PolicyDefinition[] = [record, ordered, holder, choose];
