import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deploy } from './deploy/deploy.ts';
import { validate } from './deploy/validate.ts';
import { whatIf } from './deploy/what-if.ts';
import { TemplateError } from './errors.ts';
import { exportTemplate } from './export/export-template.ts';
import { functionGroups } from './functions/table.ts';
import { planOf, templateOf, valueOfExpression } from './testing/evaluate.ts';
import { World } from './testing/world.ts';

/** JSON whose keys and strings are those that templates give a meaning to. */
const words = [
  ...['type', 'name', 'apiVersion', 'properties', 'copy', 'count', 'input', 'mode', 'batchSize', 'condition', 'scope'],
  ...[
    'dependsOn',
    'resources',
    'value',
    'output',
    'defaultValue',
    'template',
    'templateLink',
    'parameters',
    'existing',
  ],
  ...['uri', 'namespace', 'members', '$ref', 'items', '__proto__', 'constructor', 'a'],
];
const texts = [
  ...[
    'string',
    'object',
    'int',
    'a',
    'Microsoft.X/y',
    'Microsoft.X/y/z',
    'Microsoft.Resources/deployments',
    '2020-01-01',
  ],
  ...[
    "[parameters('a')]",
    "[variables('a')]",
    "[reference('a').b]",
    '[copyIndex()]',
    "[resourceId('Microsoft.X/y', 'a')]",
  ],
  ...[
    "[concat('a', 'b')]",
    '[',
    '[[a]',
    "[a.b('c')]",
    'a/b',
    '/',
    '#/definitions/a',
    "[listKeys('a', '1')]",
    '[null()]',
  ],
];
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(...texts, 0, 1, 3, -1, true, false, null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...words), tie('json'), { maxKeys: 6 }),
  ),
}));
/** Mostly `likely`, now and then anything. */
const mostly = (likely: fc.Arbitrary<unknown>) =>
  fc.oneof({ arbitrary: likely, weight: 30 }, { arbitrary: json, weight: 1 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const type = fc.constantFrom('string', 'int', 'bool', 'object', 'array', 'secureString', 'secureObject');
const parameters = fc.dictionary(
  fc.constantFrom('a', 'b'),
  mostly(fc.record({ type, defaultValue: json, nullable: optional(fc.boolean()), items: optional(json) })),
  { maxKeys: 2 },
);
const output = fc.record({
  type,
  value: json,
  condition: optional(fc.constantFrom(true, '[equals(1, 1)]', 5)),
  copy: optional(json),
});
const copy = fc.record({
  name: fc.constantFrom('a', 'c'),
  count: fc.constantFrom(0, 1, 3, '[length(createArray(1, 2))]'),
  mode: fc.constantFrom('serial', 'parallel'),
  input: json,
});
const { template } = fc.letrec<{ template: object; resource: object }>((tie) => ({
  resource: fc
    .record({
      type: fc.constantFrom('Microsoft.X/y', 'Microsoft.X/y', 'Microsoft.X/z', 'Microsoft.Resources/deployments'),
      name: fc.constantFrom('a', 'b', 'c', 'd', "[concat('a', string(copyIndex()))]"),
      apiVersion: mostly(fc.constant('2020-01-01')),
      properties: fc.oneof(
        json,
        fc.record({ copy: fc.array(copy, { maxLength: 2 }), x: json }),
        nestedProperties(tie('template')),
      ),
      copy: optional(mostly(copy)),
      condition: optional(mostly(fc.constantFrom(true, false, '[not(true())]'))),
      dependsOn: optional(mostly(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }))),
      scope: optional(fc.constantFrom('/', 'Microsoft.X/y/a', '/subscriptions/s')),
      resources: optional(json),
    })
    .map((each) => (each.type.endsWith('deployments') ? { ...each, copy: undefined } : each)),
  template: fc.record(
    {
      resources: fc.oneof(
        fc.array(tie('resource'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'r'), tie('resource'), { maxKeys: 3 }),
      ),
      parameters: mostly(parameters),
      variables: mostly(fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), json, { maxKeys: 2 })),
      outputs: mostly(fc.dictionary(fc.constantFrom('a', 'b'), mostly(output), { maxKeys: 2 })),
      functions: mostly(
        fc.constant([
          {
            namespace: 'a',
            members: {
              b: {
                parameters: [{ name: 'a', type: 'string' }],
                output: { type: 'string', value: "[parameters('a')]" },
              },
            },
          },
        ]),
      ),
      definitions: fc.dictionary(fc.constantFrom('a'), json, { maxKeys: 1 }),
    },
    { requiredKeys: ['resources'] },
  ),
}));

function nestedProperties(inner: fc.Arbitrary<object>) {
  return fc.record({
    mode: fc.constantFrom('Incremental', 'Complete'),
    template: fc.option(
      inner.map((each) => templateOf({ ...each })),
      { nil: templateOf({}), freq: 3 },
    ),
    expressionEvaluationOptions: fc.constantFrom({ scope: 'inner' }, { scope: 'outer' }, 5),
    parameters: optional(fc.oneof(json, fc.constant({ a: { value: "[reference('a').b]" } }))),
  });
}

it('answers any template with a plan or a TemplateError, and any plan with an outcome', async () => {
  await fc.assert(
    fc.asyncProperty(
      template,
      fc.oneof({ arbitrary: fc.constant({}), weight: 5 }, fc.dictionary(fc.constantFrom('a', 'b'), json)),
      async (parts, given) => {
        try {
          const plan = await planOf(templateOf({ ...parts }), { parameters: given, ports: new World() });
          expect((await validate(plan, new World())).record.id).toBe(plan.deployment.id);
          expect((await whatIf(plan, new World())).status).toBeDefined();
          const { error } = await deploy(plan, new World());
          expect(JSON.stringify(error ?? {})).not.toContain('InternalServerError');
        } catch (error) {
          if (!(error instanceof TemplateError)) throw error;
          expect(error.toBody().message.length).toBeLessThan(5000);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

it('answers any call of any function with a value or a TemplateError', async () => {
  const names = Object.values(functionGroups).flatMap((group) => Object.keys(group));
  const literal = fc.constantFrom(
    "''",
    "'a'",
    "'a/b'",
    "'2020-01-01'",
    '-1',
    '0',
    '3',
    '10000',
    'true()',
    'null()',
    'createArray()',
    "createArray('b', 'a')",
    "createObject('a', 1)",
    "lambda('x', lambdaVariables('x'))",
    "lambda('x', 'y', true())",
    "'10.0.0.0/8'",
    "'::/0'",
    "'{0:'",
    "'{0,5:N}'",
    "'Microsoft.X/y'",
    "'http://a/b'",
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.array(literal, { maxLength: 4 }), async (name, args) => {
      try {
        await valueOfExpression(`[${name}(${args.join(', ')})]`);
      } catch (error) {
        // A run-time function in an output has no value before the deployment; the helper passes that on.
        if (error instanceof Error && error.name === 'NeedsRuntimeValue') return;
        expect(error).toBeInstanceOf(TemplateError);
      }
    }),
    { numRuns: 4000 },
  );
});

it('exports any documents', () => {
  const document = fc.dictionary(
    fc.constantFrom('id', 'name', 'type', 'properties', '__proto__'),
    fc.oneof(
      json,
      fc.constantFrom('/subscriptions/s/resourceGroups/g/providers/Microsoft.X/y/a', '/providers/', '/subscriptions/s'),
    ),
  );
  fc.assert(
    fc.property(fc.array(document, { maxLength: 4 }), (documents) => {
      const { template: exported } = exportTemplate(JSON.parse(JSON.stringify(documents)), { apiVersion: () => '1' });
      expect(Array.isArray(exported.resources)).toBe(true);
    }),
  );
});
