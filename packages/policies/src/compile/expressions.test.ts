import { expect, test } from 'vitest';
import { MessageBody } from '../http/body.ts';
import { policies } from '../policies/index.ts';
import { compilePolicy, runPolicy, stepPolicy } from '../testing/index.ts';
import { testPolicies } from './policies-for-tests.ts';

const init = { policies: [...testPolicies, ...policies.filter((policy) => policy.name === 'forward-request')] };
const variables = async (attributes: string, text = '') =>
  Object.fromEntries((await runPolicy({ inbound: `<trace ${attributes}>${text}</trace>` }, init)).exchange.variables);

test('what an expression gets wrong is told where it stands in the file', () => {
  const { problems } = compilePolicy(
    '<policies>\n<inbound>\n<trace name="@(\n  context.Nope\n)" />\n</inbound>\n</policies>',
    init,
  );
  expect(problems).toMatchObject([{ code: 'PolicyExpression', target: 'trace' }]);
  expect(problems[0]?.message).toMatch(/^Error in element 'trace' on line 4, column \d+: /);
});

test('a secret that stands in code is not shown when it does not compile', () => {
  const { problems } = compilePolicy(
    { inbound: '<trace name="@(context.Request.Method + {{secret}})" />' },
    { ...init, namedValues: { secret: 'hunter2' } },
  );
  expect(problems.length).toBeGreaterThan(0);
  expect(JSON.stringify(problems)).not.toContain('hunter2');
});

test('expressions give their values to the policy', async () => {
  expect(
    await variables(
      'name="@(context.Request.Method)" flag="@(1 &lt; 2)" count="@(2 + 3)" big="@(5L)" ratio="@(1.5)" kind="@("two")"',
      '@{ return "a" + 1; }',
    ),
  ).toEqual({ name: 'GET', flag: true, count: 5, big: 5n, ratio: 1.5, kind: 'two', text: 'a1' });
});

test('choose runs the first branch whose condition is true', async () => {
  const branches = (value: string) => `<choose>
    <when condition="@(context.Variables.ContainsKey("x"))"><trace name="never"/></when>
    <when condition="@(context.Request.Method == "${value}")"><trace name="when"/></when>
    <when condition="true"><trace name="second"/></when>
    <otherwise><trace name="otherwise"/></otherwise></choose>`;
  const name = async (value: string) =>
    (await runPolicy({ inbound: branches(value) }, init)).exchange.variables.get('name');
  expect([await name('GET'), await name('PUT')]).toEqual(['when', 'second']);
});

test('an expression that reads a body has it, though it arrives as a stream', async () => {
  const run = await runPolicy(
    { inbound: '<trace name="@(context.Request.Body.As<string>(true))"/>' },
    { ...init, request: { method: 'POST', body: 'ping' } },
  );
  expect([run.exchange.variables.get('name'), run.backendRequest?.body]).toEqual(['ping', 'ping']);
});

test('a value that is read later in a step is prepared then: the condition of retry', async () => {
  const later = stepPolicy('retry', () => undefined);
  const retry = {
    ...later,
    element: { attributes: { condition: { type: 'string', required: true, expression: true } } },
    compile: ((element, compiler) => {
      const condition = compiler.string(element, 'condition');
      return async (exchange) => {
        await exchange.ports.backend
          .forward(exchange, {
            timeoutMs: 1,
            continueTimeoutMs: null,
            httpVersion: '1',
            followRedirects: false,
            bufferRequestBody: false,
            bufferResponse: false,
          })
          .then(({ status, reason, headers, body }) => {
            exchange.response = { status, reason, headers, body: body && MessageBody.fromSource(body) };
          });
        await condition.prepare(exchange);
        exchange.variables.set('condition', condition.get(exchange));
        return undefined;
      };
    }) satisfies typeof later.compile,
  } as const;
  const run = await runPolicy(
    { backend: '<retry condition="@(context.Response.Body.As<string>(true))"/>' },
    { policies: [retry, ...init.policies], backend: () => ({ body: 'pong' }) },
  );
  expect([run.exchange.variables.get('condition'), run.body]).toEqual(['pong', 'pong']);
});
