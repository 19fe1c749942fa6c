import type { PolicyDefinition } from '../schema/definition.ts';

/** Runs the policies of the first `when` whose condition is true, else those of `otherwise`. */
export const choose: PolicyDefinition = {
  name: 'choose',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {},
    children: {
      kind: 'sequence',
      items: [
        {
          name: 'when',
          min: 1,
          max: Number.POSITIVE_INFINITY,
          element: {
            attributes: { condition: { type: 'boolean', required: true, expression: true } },
            children: { kind: 'policies' },
          },
        },
        { name: 'otherwise', min: 0, max: 1, element: { attributes: {}, children: { kind: 'policies' } } },
      ],
    },
  },
  compile(element, compiler) {
    const branches = compiler.children(element, 'when').map((when, index) => ({
      condition: compiler.boolean(when, 'condition'),
      steps: compiler.steps(when, `when[${index + 1}]`),
    }));
    const otherwise = compiler.child(element, 'otherwise');
    const fallback = otherwise ? compiler.steps(otherwise, 'otherwise[1]') : [];
    return (exchange) => {
      for (const { condition, steps } of branches) if (condition.get(exchange)) return compiler.run(steps, exchange);
      return compiler.run(fallback, exchange);
    };
  },
};
