import { expect, test } from 'vitest';
import { compilePolicy, problemsOf, productOf, runPolicy } from '../testing/index.ts';

test('a value with dimensions', async () => {
  const run = await runPolicy(
    {
      inbound: `<emit-metric name="requests" value="@(1.5 * 2)" namespace="shop">
        <dimension name="API ID" /><dimension name="Product ID" /><dimension name="User ID" /><dimension name="Location" />
        <dimension name="Color" value="@("re" + "d")" /><dimension name="None" value="@((string)null)" />
      </emit-metric>`,
    },
    { match: { product: productOf() } },
  );
  expect(run.exchange.ports.emitted).toEqual([
    {
      namespace: 'shop',
      name: 'requests',
      value: 3,
      dimensions: [
        ['API ID', 'orders-api'],
        ['Product ID', 'starter'],
        ['User ID', ''],
        ['Location', 'local'],
        ['Color', 'red'],
        ['None', ''],
      ],
    },
  ]);
});

test('defaults', async () => {
  const run = await runPolicy({ outbound: '<emit-metric name="n"><dimension name="Backend ID" /></emit-metric>' });
  expect(run.exchange.ports.emitted).toEqual([
    { namespace: 'API Management', name: 'n', value: 1, dimensions: [['Backend ID', '']] },
  ]);
  const more = await runPolicy({ inbound: '<emit-metric name="n" default-dimensions="true" />' });
  expect(more.exchange.ports.emitted[0]?.dimensions.map(([name]) => name)).toEqual([
    'Region',
    'Service ID',
    'Service Name',
  ]);
});

test('what cannot be is refused', () => {
  const refused = (children: string) => problemsOf({ inbound: `<emit-metric name="n">${children}</emit-metric>` });
  expect(refused('<dimension name="Color" />')).toEqual([expect.stringMatching(/needs a value/)]);
  expect(refused('<dimension name="API ID" /><dimension name="API ID" />')).toHaveLength(1);
  expect(refused('<dimension name="A" value="1" />'.repeat(11)).length).toBeGreaterThan(0);
});

test('more than five dimensions of its own are a warning', () => {
  const six = [1, 2, 3, 4, 5, 6].map((n) => `<dimension name="d${n}" value="1" />`).join('');
  const { compiled, problems } = compilePolicy({ inbound: `<emit-metric name="n">${six}</emit-metric>` });
  expect([compiled !== null, problems.map(({ severity }) => severity)]).toEqual([true, ['warning']]);
});
