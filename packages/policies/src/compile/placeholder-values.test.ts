import { describe, expect, test } from 'vitest';
import { environmentFor, runPolicy } from '../testing/index.ts';
import { compileDocument } from './compile-document.ts';

/** Documents are published with placeholders in them; Azure saves them wherever its schema has just a string. */
describe('a value that may be filled in later is a warning, not an error', () => {
  test.each([
    ['<set-backend-service base-url="{backend-url}" />', 'is not an absolute URL'],
    ['<set-backend-service base-url="{{missing-scheme}}" />', 'is not an absolute URL'],
    [
      '<send-request mode="new" response-variable-name="r"><set-url>__URL__</set-url></send-request>',
      'is not an absolute URL',
    ],
    [
      '<validate-azure-ad-token tenant-id="{tenant}"><audiences><audience>a</audience></audiences></validate-azure-ad-token>',
      'is no tenant',
    ],
    ['<validate-jwt header-name="Authorization" />', 'No token can be valid'],
    ['<cors><allowed-origins><origin>{{missing-scheme}}</origin></allowed-origins></cors>', 'is not an origin'],
    [
      '<validate-jwt header-name="A"><issuer-signing-keys><key>{{no-base64}}</key></issuer-signing-keys></validate-jwt>',
      'base64',
    ],
  ])('%s', (policy, message) => {
    const { compiled, problems } = compile(policy);
    expect(compiled).not.toBeNull();
    expect(problems).toEqual([expect.objectContaining({ severity: 'warning', line: 2 })]);
    expect(problems[0]?.message).toContain(message);
  });

  test('a key written into the document must be one', () => {
    const { compiled } = compile(
      '<validate-jwt header-name="A"><issuer-signing-keys><key>!</key></issuer-signing-keys></validate-jwt>',
    );
    expect(compiled).toBeNull();
  });

  test('a request that needs the value fails', async () => {
    const { exchange } = await runPolicy({ inbound: '<set-backend-service base-url="{backend-url}" />' });
    expect(exchange.lastError?.reason).toBe('ExpressionValueEvaluationFailure');
  });
});

describe('text and expression in one attribute', () => {
  const mixed = '<set-variable name="v" value="Code-@(context.Request.Headers.GetValueOrDefault("a", ">")) &amp; x" />';

  test('are text, with a warning where the expression begins', () => {
    const { compiled, problems } = compile(mixed);
    expect(compiled).not.toBeNull();
    expect(problems).toEqual([expect.objectContaining({ severity: 'warning', code: 'PolicySyntax', line: 2 })]);
    expect(problems[0]?.column).toBe(mixed.indexOf('@(') + 1);
  });

  test('nothing in them is evaluated', async () => {
    const { exchange } = await runPolicy({ inbound: mixed });
    expect(exchange.variables.get('v')).toBe('Code-@(context.Request.Headers.GetValueOrDefault("a", ">")) & x');
  });

  test('a quote that ends the attribute ends it', async () => {
    const { exchange } = await runPolicy({
      inbound: '<set-variable name="v" value="a@(b" /><set-variable name="w" value="c)" />',
    });
    expect([exchange.variables.get('v'), exchange.variables.get('w')]).toEqual(['a@(b', 'c)']);
  });

  test('a bracket that is not closed is still reported at the quote', () => {
    const { problems } = compile('<set-variable name="v" value="Code-@(context.Variables["a"]" />');
    expect(problems[0]).toMatchObject({ severity: 'error', code: 'PolicySyntax', line: 2 });
  });
});

function compile(policy: string) {
  const text = `<policies><inbound>\n${policy}\n</inbound></policies>`;
  const environment = environmentFor({ namedValues: { 'missing-scheme': 'host.example', 'no-base64': '!' } });
  return compileDocument({ file: 'p.xml', format: 'rawxml', text }, { kind: 'policies', scope: 'api', environment });
}
