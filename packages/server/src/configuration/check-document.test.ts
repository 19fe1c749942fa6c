import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFolder } from './check-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lazuli-check-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a policy document on its own', () => {
  it('may refer to a service that is not there', async () => {
    const problems = await check(`<policies>
  <inbound>
    <base />
    <include-fragment fragment-id="authenticate" />
    <set-backend-service backend-id="orders" />
    <authentication-certificate certificate-id="client" />
    <log-to-eventhub logger-id="audit">@(context.RequestId.ToString())</log-to-eventhub>
  </inbound>
</policies>`);
    expect(problems).toEqual([]);
  });

  it('is warned of named values, and checked around them', async () => {
    const problems = await check(`<policies>
  <inbound>
    <rate-limit calls="{{calls}}" renewal-period="60" />
    <set-method>@(contxt.Request.Method)</set-method>
  </inbound>
</policies>`);
    expect(problems.map(({ severity, line, message }) => [severity, line, message])).toEqual([
      ['warning', 3, expect.stringMatching(/^Warning in element .* Cannot find a named value 'calls'\./)],
      ['error', 4, expect.stringContaining("'contxt' does not exist")],
    ]);
  });

  it.each([
    '<quota calls="1" renewal-period="300" />',
    '<cors><allowed-origins><origin>*</origin></allowed-origins></cors>',
  ])('is judged at a scope that allows what it holds: %s', async (policy) => {
    expect(await check(`<policies><inbound>${policy}</inbound></policies>`)).toEqual([]);
  });

  it('may have any name, a byte order mark and line ends of Windows', async () => {
    const text =
      '\uFEFF<!-- a template -->\r\n<policies>\r\n<inbound>\r\n<set-methd>GET</set-methd>\r\n</inbound>\r\n</policies>\r\n';
    const file = join(folder, 'policy.xml.tpl');
    await writeFile(file, text);
    const problems = await checkFolder(file, { secretsFile: null, allowUnsupported: false });
    expect(problems.map(({ severity, line, column }) => [severity, line, column])).toEqual([['error', 4, 2]]);
  });

  it('may be a fragment', async () => {
    const text = '<!-- shared -->\n<fragment>\n  <set-method>GET</set-method>\n  <base />\n</fragment>';
    expect(await check(text)).toEqual([expect.objectContaining({ severity: 'error', file: 'policy.xml', line: 4 })]);
  });
});

async function check(text: string) {
  const path = join(folder, 'policy.xml');
  await writeFile(path, text);
  return checkFolder(path, { secretsFile: null, allowUnsupported: false });
}
