import { describe, expect, it } from 'vitest';
import { TemplateError } from './errors.ts';
import { type EvaluateTemplateOptions, evaluateTemplate } from './evaluate-template.ts';
import { parseTemplate } from './template/parsed-template.ts';
import { plain, planOf, resourceGroupScope, templateOf, valueOfExpression } from './testing/evaluate.ts';

const nothing = { get: async () => undefined, list: async () => undefined };

async function failure(
  template: string | object,
  options: Partial<EvaluateTemplateOptions> = {},
): Promise<TemplateError> {
  try {
    await planOf(template, options);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const resource = (name: string, more: object = {}) => ({
  type: 'Microsoft.X/things',
  apiVersion: '2024-01-01',
  name,
  ...more,
});

describe('the outline of a template', () => {
  it.each([
    ['no object', '[1]', 'The template is of type'],
    ['no schema', '{"contentVersion": "1.0.0.0", "resources": []}', "'$schema' was not found"],
    [
      'no resources',
      '{"$schema": "https://x/deploymentTemplate.json#", "contentVersion": "1.0.0.0"}',
      "'resources' was not found",
    ],
    [
      'a parameter file',
      '{"$schema": "https://x/deploymentParameters.json#", "contentVersion": "1.0.0.0", "resources": []}',
      'expected the schema of a deployment template',
    ],
    ['Bicep', "param name string\n\nresource a 'Microsoft.X/y@2020-01-01' = {}", "'az bicep build --file main.bicep'"],
    ['Bicep behind comments', "// x\n/* y */\n@description('d')\nparam name string", 'bicep build'],
  ])('refuses %s', async (_, text, message) => {
    expect((await failure(text)).message).toContain(message);
  });

  it.each(['imports', 'extensions', 'apiProfile'])('refuses %s by name', async (feature) => {
    expect((await failure(templateOf({ [feature]: { k: {} } }))).message).toContain(
      `The template uses '${feature}', which is not supported`,
    );
  });

  it('keeps the limits of Azure', async () => {
    const many = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`n${i}`, { type: 'string', value: '', defaultValue: '' }]),
      );
    expect((await failure(templateOf({ parameters: many(257) }))).message).toContain("Limit: '256' and actual: '257'");
    expect((await failure(templateOf({ outputs: many(65) }))).message).toContain("Limit: '64' and actual: '65'");
    expect((await failure(templateOf({ variables: many(513) }))).message).toContain("Limit: '512'");
    const copy = { copy: { name: 'c', count: 801 } };
    expect((await failure(templateOf({ resources: [resource('[string(copyIndex())]', copy)] }))).message).toContain(
      "at most '800' are allowed",
    );
    const loops = [0, 1].map((i) => resource(`[concat('${i}-', copyIndex())]`, { copy: { name: 'c', count: 500 } }));
    expect((await failure(templateOf({ resources: loops }))).message).toContain(
      "resources limit exceeded. Limit: '800'",
    );
    expect((await failure(templateOf({ metadata: 'y'.repeat(4 * 1024 * 1024) }))).code).toBe('JobSizeExceeded');
    expect((await failure(`{"x": "${'y'.repeat(4 * 1024 * 1024)}"}`)).code).toBe('JobSizeExceeded');
  });

  it('has a location at every scope but the resource group', async () => {
    const scope = { ...resourceGroupScope, kind: 'subscription' } as const;
    expect((await failure(templateOf({}), { scope })).code).toBe('LocationRequired');
  });
});

describe('parameters', () => {
  const value = (type: string, given: unknown, more: object = {}) =>
    valueOfExpression(
      "[parameters('p')]",
      { parameters: { p: { type, ...more } } },
      { parameters: { p: { value: given } } },
    );

  it.each([
    ['string', 1, {}, "Expected a value of type 'String, Uri', but received a value of type 'Integer'"],
    ['int', '1', {}, "Expected a value of type 'Integer'"],
    ['bool', 'true', {}, "Expected a value of type 'Boolean'"],
    ['array', {}, {}, "Expected a value of type 'Array'"],
    ['object', [], {}, "Expected a value of type 'Object'"],
    ['string', 'c', { allowedValues: ['a', 'b'] }, "The value 'c' is not part of the allowed value(s): 'a,b'"],
    ['string', 'ab', { minLength: 3 }, "Length of the value should be greater than or equal to '3'"],
    ['array', [1, 2], { maxLength: 1 }, "less than or equal to '1'"],
    ['int', 5, { maxValue: 4 }, "The value should be less than or equal to '4'"],
    ['int', 0, { minValue: 1 }, "greater than or equal to '1'"],
    ['array', [1, 'x'], { items: { type: 'int' } }, "At '[1]': Expected a value of type 'Integer'"],
    [
      'array',
      [1, 2, 3],
      { prefixItems: [{ type: 'int' }, { type: 'int' }], items: false },
      "it has more than '2' items",
    ],
    ['object', {}, { properties: { a: { type: 'int' } } }, "the required property 'a' is missing"],
    ['object', { b: 1 }, { properties: {}, additionalProperties: false }, "the property 'b' is not allowed"],
    ['object', { a: 'x' }, { additionalProperties: { type: 'int' } }, "At 'a': Expected a value of type 'Integer'"],
    ['number', 1, {}, "has the type 'number'; expected one of"],
  ])('%s refuses %j with %j', async (type, given, more, message) => {
    await expect(value(type, given, more)).rejects.toThrow(message);
  });

  it.each([
    ['String', 'B', { allowedValues: ['a', 'b'] }],
    ['array', ['a'], { allowedValues: ['a', 'b'] }],
    ['object', { a: 1 }, { properties: { a: { type: 'int' }, b: { type: 'string', nullable: true } } }],
    ['string', null, { nullable: true }],
  ])('%s takes %j with %j', async (type, given, more) => {
    expect(await value(type, given, more)).toEqual(given);
  });

  it('follows definitions and discriminators', async () => {
    const parts = {
      definitions: {
        shape: {
          type: 'object',
          discriminator: { propertyName: 'kind', mapping: { circle: { $ref: '#/definitions/circle' } } },
        },
        circle: { type: 'object', properties: { kind: { type: 'string' }, radius: { type: 'int', minValue: 1 } } },
      },
      parameters: { p: { $ref: '#/definitions/shape' } },
    };
    const given = (shape: object) =>
      valueOfExpression("[parameters('p').radius]", parts, { parameters: { p: { value: shape } } });
    expect(await given({ kind: 'circle', radius: 2 })).toBe(2);
    await expect(given({ kind: 'circle', radius: 0 })).rejects.toThrow("At 'radius': The value should be");
    await expect(given({ kind: 'square' })).rejects.toThrow(
      "the discriminator 'kind' has the value 'square'; expected one of 'circle'",
    );
    const loop = { definitions: { a: { $ref: '#/definitions/a' } }, parameters: { p: { $ref: '#/definitions/a' } } };
    await expect(valueOfExpression('x', loop, { parameters: { p: { value: 1 } } })).rejects.toThrow(
      'it leads to itself',
    );
    const missing = { parameters: { p: { $ref: '#/definitions/b' } } };
    await expect(valueOfExpression('x', missing, { parameters: { p: { value: 1 } } })).rejects.toThrow(
      'there is no such definition',
    );
  });

  it('says with place what is missing or unknown', async () => {
    const text =
      '{\n"$schema": "https://x/deploymentTemplate.json#", "contentVersion": "1.0.0.0",\n"parameters": {\n  "a": {"type": "string"}\n}, "resources": []}';
    const missing = await failure(text);
    expect(missing.toBody()).toMatchObject({
      code: 'InvalidTemplate',
      message:
        "Deployment template validation failed: 'The value for the template parameter 'a' at line '4' and column '3' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.'.",
      additionalInfo: [{ type: 'TemplateViolation', info: { lineNumber: 4, linePosition: 3 } }],
    });
    const unknown = await failure(text, { parameters: { a: { value: '' }, b: { value: 1 } } });
    expect(unknown.message).toContain("The template parameters 'b' in the parameters file are not valid");
    expect((await failure(text, { parameters: { ' ': { value: 1 } } })).code).toBe('InvalidDeploymentParameterKey');
    expect((await failure(text, { parameters: { a: 'x' } })).code).toBe('InvalidDeploymentParameterValue');
  });

  it('reads secrets of a Key Vault through the port, and hides them', async () => {
    const template = templateOf({
      parameters: { s: { type: 'securestring' } },
      outputs: { o: { type: 'int', value: "[int(parameters('s'))]" } },
    });
    const parameters = { s: { reference: { keyVault: { id: '/vaults/kv' }, secretName: 'n' } } };
    expect((await failure(template, { parameters })).code).toBe('KeyVaultParameterReferenceNotSupported');
    const error = await failure(template, { parameters, ports: { ...nothing, secret: async () => 'super-secret' } });
    expect(error.message).toContain("the value '******' can't be converted");
    const plan = await planOf(templateOf({ parameters: { s: { type: 'secureObject' } } }), {
      parameters: { s: { value: { a: 'super-secret' } } },
    });
    expect(plain(plan.parameters)).toEqual({ s: { type: 'SecureObject' } });
  });
});

describe('variables and functions', () => {
  it('evaluates variables when they are used, and names a cycle', async () => {
    const variables = { a: "[variables('b')]", b: "[variables('a')]", unused: "[fail('never')]" };
    await expect(valueOfExpression("[variables('a')]", { variables })).rejects.toThrow(
      "The template variable 'a' cannot reference itself: variable a -> variable b -> variable a",
    );
    expect(await valueOfExpression("[variables('c')]", { variables: { c: [1], unused: "[fail('never')]" } })).toEqual([
      1,
    ]);
  });

  it('bounds chains', async () => {
    const variables = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`v${i}`, `[variables('v${i + 1}')]`]));
    await expect(valueOfExpression("[variables('v0')]", { variables })).rejects.toThrow("more than '200' levels deep");
    const functions = [
      { namespace: 'n', members: { f: { parameters: [], output: { type: 'int', value: '[n.f()]' } } } },
    ];
    await expect(valueOfExpression('[n.f()]', { functions })).rejects.toThrow("more than '200' levels deep");
  });

  it('shows a user function its parameters only', async () => {
    const functions = [
      {
        namespace: 'n',
        members: {
          f: {
            parameters: [{ name: 'x', type: 'int' }],
            output: { type: 'int', value: "[add(parameters('x'), variables('v'))]" },
          },
        },
      },
    ];
    await expect(valueOfExpression('[n.f(1)]', { functions, variables: { v: 1 } })).rejects.toThrow(
      'a user function sees only its parameters',
    );
    await expect(valueOfExpression('[n.f()]', { functions })).rejects.toThrow("takes exactly '1' argument(s)");
    await expect(valueOfExpression('[n.g()]', { functions })).rejects.toThrow(
      "The template function 'n.g' is not valid",
    );
  });

  it('refuses run-time functions before the deployment', async () => {
    await expect(valueOfExpression("[variables('v')]", { variables: { v: "[reference('/x', '1')]" } })).rejects.toThrow(
      "'reference' is not expected at this location",
    );
    const named = templateOf({ resources: [resource("[reference('/x', '1').name]")] });
    expect((await failure(named)).message).toContain('must be known before the deployment starts');
  });
});

describe('resources', () => {
  it.each([
    [
      'a cycle',
      [resource('a', { dependsOn: ['b'] }), resource('b', { dependsOn: ['a'] })],
      /Circular dependency detected.*things\/a -> .*things\/b -> .*things\/a/,
    ],
    ['itself', [resource('a', { dependsOn: ['a'] })], /Circular dependency/],
    ['what is not there', [resource('a', { dependsOn: ['b'] })], /The resource 'b' is not defined in the template/],
    ['the same id twice', [resource('a'), resource('A')], /is defined multiple times/],
    ['too few name segments', [{ ...resource('a'), type: 'Microsoft.X/things/parts' }], /incorrect segment lengths/],
    ['an empty segment', [{ ...resource('a/'), type: 'Microsoft.X/things/parts' }], /incorrect segment lengths/],
    ['no name', [{ type: 'Microsoft.X/things', apiVersion: '1' }], /'name' was not found/],
    ['no API version', [{ type: 'Microsoft.X/things', name: 'a' }], /'apiVersion' was not found/],
    ['a condition that is no boolean', [resource('a', { condition: 5 })], /The condition of 'a' is of type 'Integer'/],
    ['a scope that is none', [resource('a', { scope: 'nowhere' })], /'nowhere' is neither an id nor/],
    ['a negative count', [resource('a', { copy: { name: 'c', count: -1 } })], /its count is '-1'/],
    [
      'a broken expression',
      [resource('a', { properties: { x: '[concat(]' } })],
      /Unable to process template language expressions for resource '.*things\/a'.*Unable to parse/,
    ],
    [
      'a name that is an object',
      [{ ...resource('a'), type: undefined, name: {} }],
      /'type' was not found in the resource '{}'/,
    ],
    ['a number', [5], /A resource is of type 'Integer'/],
  ])('refuse %s', async (_, resources, message) => {
    expect((await failure(templateOf({ resources }))).message).toMatch(message);
  });

  it('may stand twice with opposite conditions', async () => {
    const resources = [resource('a', { condition: false }), resource('a', { condition: '[true()]' })];
    expect((await planOf(templateOf({ resources }))).resources.map(({ condition }) => condition)).toEqual([
      false,
      true,
    ]);
  });

  it('go to the scope they name', async () => {
    const ids = async (more: object, type = 'Microsoft.X/things') =>
      (await planOf(templateOf({ resources: [{ ...resource('a', more), type }] }))).resources[0]?.id;
    expect(await ids({ scope: '/' })).toBe('/providers/Microsoft.X/things/a');
    expect(await ids({ resourceGroup: 'other' })).toContain('/resourceGroups/other/providers/');
    expect(await ids({ scope: 'Microsoft.Y/z/n' })).toContain(
      '/resourceGroups/rg/providers/Microsoft.Y/z/n/providers/Microsoft.X/things/a',
    );
    expect(await ids({ scope: 'Microsoft.Management/managementGroups/mg' })).toBe(
      '/providers/Microsoft.Management/managementGroups/mg/providers/Microsoft.X/things/a',
    );
    expect(await ids({ subscriptionId: '00000000-0000-0000-0000-000000000000' })).toBe(
      '/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.X/things/a',
    );
  });

  it('wait for the batch before theirs in a serial loop', async () => {
    const copy = { name: 'c', count: 5, mode: 'serial', batchSize: 2 };
    const plan = await planOf(templateOf({ resources: [resource('[string(copyIndex())]', { copy })] }));
    expect(plan.resources.map(({ dependsOn }) => dependsOn.map((id) => id.at(-1)))).toEqual([
      [],
      [],
      ['0', '1'],
      ['0', '1'],
      ['2', '3'],
    ]);
  });

  it('wait for the nearest batch that is deployed when one between is not', async () => {
    const copy = { name: 'c', count: 3, mode: 'serial' };
    const condition = '[not(equals(copyIndex(), 1))]';
    const plan = await planOf(templateOf({ resources: [resource('[string(copyIndex())]', { copy, condition })] }));
    expect(plan.resources.map(({ dependsOn }) => dependsOn.map((id) => id.at(-1)))).toEqual([[], [], ['0']]);
  });

  it('know the index of their loop inside a loop of a property', async () => {
    const properties = { copy: [{ name: 'inner', count: 2, input: "[concat(copyIndex(), '-', copyIndex('inner'))]" }] };
    const plan = await planOf(
      templateOf({ resources: [resource('[string(copyIndex())]', { properties, copy: { name: 'c', count: 2 } })] }),
    );
    expect(plain(plan.resources.at(-1)?.body)).toEqual({ properties: { inner: ['1-0', '1-1'] } });
  });

  it('of a chain as long as a template may be', async () => {
    const resources = Array.from({ length: 800 }, (_, i) =>
      resource(`r${i}`, i < 799 ? { dependsOn: [`r${i + 1}`] } : {}),
    );
    expect((await planOf(templateOf({ resources }))).resources[0]?.name).toBe('r799');
  });

  it('nest deployments only so deep', async () => {
    let template: object = templateOf({});
    for (let i = 0; i < 12; i++) {
      template = templateOf({
        resources: [
          {
            type: 'Microsoft.Resources/deployments',
            apiVersion: '2022-09-01',
            name: `n${i}`,
            properties: { mode: 'Incremental', template, expressionEvaluationOptions: { scope: 'inner' } },
          },
        ],
      });
    }
    expect((await failure(template)).message).toContain("nested deployments limit exceeded. Limit: '10'");
  });

  it('check asserts', async () => {
    expect((await failure(templateOf({ asserts: { good: true, bad: '[equals(1, 2)]' } }))).message).toBe(
      "The template assertion 'bad' failed.",
    );
  });

  it('are looked up without regard to case, and safe from keys of JavaScript', async () => {
    const template = JSON.parse('{"__proto__": {"a": 1}, "constructor": "x", "resources": []}');
    expect((await failure(template)).message).toContain("'$schema' was not found");
    const plan = await planOf(
      templateOf({ resources: [resource('a', { properties: JSON.parse('{"__proto__": {"polluted": true}}') })] }),
    );
    expect(JSON.stringify(plan.resources[0]?.body)).toBe('{"properties":{"__proto__":{"polluted":true}}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('outputs', () => {
  it('have the type they declare', async () => {
    expect((await failure(templateOf({ outputs: { o: { type: 'int', value: 'x' } } }))).message).toContain(
      "The template output 'o' is not valid: Expected a value of type 'Integer'",
    );
    expect((await failure(templateOf({ outputs: { o: { type: 'int' } } }))).message).toContain(
      "'value' was not found in the output 'o'",
    );
  });
});

describe('deployments inside', () => {
  const nested = (properties: object, more: object = {}) =>
    templateOf({
      resources: [
        {
          type: 'Microsoft.Resources/deployments',
          apiVersion: '2022-09-01',
          name: 'n',
          properties: { mode: 'Incremental', ...properties },
          ...more,
        },
      ],
    });

  it.each([
    ['no template', {}, 'MissingTemplateProperty'],
    ['a link without a port', { templateLink: { uri: 'https://x.example/t.json' } }, 'LinkedTemplatesUnavailable'],
    ['a relative path without a base', { templateLink: { relativePath: 'a.json' } }, 'InvalidTemplateLink'],
    ['a file', { templateLink: { uri: 'file:///etc/passwd' } }, 'InvalidTemplateLink'],
  ])('refuse %s', async (_, properties, problem) => {
    expect((await failure(nested(properties))).problem).toBe(problem);
  });

  it('check the content version of a link', async () => {
    const ports = { ...nothing, fetchTemplate: async () => JSON.stringify(templateOf({})) };
    const link = { uri: 'https://x.example/t.json', contentVersion: '2.0.0.0' };
    expect((await failure(nested({ templateLink: link }), { ports })).code).toBe('InvalidContentVersion');
  });

  it('do not see the parameters around them when their scope is inner', async () => {
    const template = templateOf({ outputs: { o: { type: 'string', value: "[parameters('outerOnly')]" } } });
    const parts = nested({ template, expressionEvaluationOptions: { scope: 'inner' } });
    expect(
      (await failure({ ...parts, parameters: { outerOnly: { type: 'string', defaultValue: 'x' } } })).message,
    ).toContain("The template parameter 'outerOnly' is not found");
    const outer = nested({ template });
    await expect(
      planOf({ ...outer, parameters: { outerOnly: { type: 'string', defaultValue: 'x' } } }),
    ).resolves.toBeDefined();
  });
});

describe('management groups and the tenant', () => {
  it('have functions of their own', async () => {
    const scope = { kind: 'managementGroup', tenant: { tenantId: 't' }, managementGroup: { name: 'mg' } } as const;
    const template = templateOf({
      resources: [resource('a')],
      outputs: {
        o: {
          type: 'object',
          value: {
            id: '[managementGroup().id]',
            own: "[managementGroupResourceId('Microsoft.X/things', 'a')]",
            plain: "[resourceId('Microsoft.X/things', 'a')]",
            where: '[deployment().location]',
          },
        },
      },
    });
    const plan = await evaluateTemplate(parseTemplate(template), {
      scope,
      deployment: { name: 'd', location: 'westus' },
      ports: nothing,
    });
    expect(plan.deployment.id).toBe(
      '/providers/Microsoft.Management/managementGroups/mg/providers/Microsoft.Resources/deployments/d',
    );
    expect(plan.resources[0]?.id).toBe(
      '/providers/Microsoft.Management/managementGroups/mg/providers/Microsoft.X/things/a',
    );
    expect(plain(plan.outputs[0]?.evaluate({ lookup: () => undefined }))).toEqual({
      id: '/providers/Microsoft.Management/managementGroups/mg',
      own: '/providers/Microsoft.Management/managementGroups/mg/providers/Microsoft.X/things/a',
      plain: '/providers/Microsoft.X/things/a',
      where: 'westus',
    });
  });
});
