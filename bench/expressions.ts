/**
 * What typical policy expressions cost: compiling (cold, each text once) and evaluating, in one process.
 *
 *   node bench/expressions.ts
 */
import { type ContextHost, compileExpression } from '@lazuli/expressions';
import { exchangeFor } from '@lazuli/policies/testing';
import { median } from './kit/load.ts';

const expressions: readonly (readonly [name: string, text: string, target: 'object' | 'string' | 'bool'])[] = [
  ['constant', '@(1 + 2)', 'object'],
  ['method of the request', '@(context.Request.Method == "GET")', 'bool'],
  ['header with a default', '@(context.Request.Headers.GetValueOrDefault("x-tenant", "none"))', 'string'],
  [
    'interpolated string',
    '@($"{context.Api.Name}/{context.Operation.Id}?{context.Request.MatchedParameters["id"]}")',
    'string',
  ],
  ['variable and cast', '@((string)context.Variables["tenant"] + "-" + context.Subscription?.Id)', 'string'],
  [
    'regular expression',
    '@(Regex.IsMatch(context.Request.Headers.GetValueOrDefault("x-id", ""), "^[A-Za-z0-9-]{8,64}$"))',
    'bool',
  ],
  [
    'JSON object',
    '@(new JObject(new JProperty("id", context.RequestId), new JProperty("ok", true)).ToString(Newtonsoft.Json.Formatting.None))',
    'string',
  ],
  [
    'LINQ over a header',
    '@(string.Join(",", context.Request.Headers.GetValueOrDefault("x-tags", "a,b,c").Split(\',\').Where(t => t.Length > 0).Select(t => t.ToUpperInvariant())))',
    'string',
  ],
  [
    'HMAC',
    '@(Convert.ToBase64String(new HMACSHA256(Encoding.UTF8.GetBytes("key")).ComputeHash(Encoding.UTF8.GetBytes(context.Request.Method))))',
    'string',
  ],
  ['loop of 100', '@{ var sum = 0; for (var i = 0; i < 100; i++) { sum += i; } return sum; }', 'object'],
];

const context: ContextHost = exchangeFor({
  request: { headers: { 'x-tenant': 'contoso', 'x-id': 'abcdef-123456', 'x-tags': 'red,green,blue' } },
  match: { matchedParameters: new Map([['id', '42']]) },
  variables: { tenant: 'contoso' },
}).context;

console.log('| expression | compile µs (median of 200 texts) | evaluate ns (median of 7) |');
console.log('|---|---|---|');
for (const [name, text, target] of expressions) {
  const compiles: number[] = [];
  for (let i = 0; i < 200; i++) {
    // A comment makes each text another one; nothing is cached between them.
    const variant = text.startsWith('@(') ? `@(/* ${i} */ ${text.slice(2)}` : `@{ /* ${i} */ ${text.slice(2)}`;
    const started = performance.now();
    compileExpression(variant, { target });
    compiles.push((performance.now() - started) * 1000);
  }
  const compiled = compileExpression(text, { target });
  const runs = 100_000;
  const evaluations: number[] = [];
  let sink = 0;
  for (let round = 0; round < 8; round++) {
    const started = performance.now();
    for (let i = 0; i < runs; i++) if (compiled.evaluate(context) !== null) sink++;
    if (round > 0) evaluations.push(((performance.now() - started) * 1_000_000) / runs);
  }
  if (sink === 0) throw new Error(`${name} gave nothing`);
  console.log(`| ${name} | ${median(compiles).toFixed(0)} | ${median(evaluations).toFixed(0)} |`);
}
