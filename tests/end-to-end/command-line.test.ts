import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lazuli, startLazuli } from '../kit/lazuli-process.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lazuli-cli-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const commands = [
  'start',
  'check',
  'init',
  'trust',
  'publish',
  'extract',
  'diff',
  'principal',
  'audit',
  'store',
  'servicebus',
];

describe('lazuli --help', () => {
  it('lists the commands', async () => {
    const { status, output } = await lazuli(['--help']);
    expect(status).toBe(0);
    for (const command of commands) expect(output).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it.each(commands)('has help for %s', async (command) => {
    const { status, output } = await lazuli([command, '--help']);
    expect(status).toBe(0);
    expect(output).toContain(`Usage: lazuli ${command}`);
  });

  it('says what is wrong with a command line, with status 2', async () => {
    const { status, output } = await lazuli(['serve']);
    expect(status).toBe(2);
    expect(output).toMatch(/unknown command 'serve'/);
  });

  it('prints no colours when nobody looks', async () => {
    const { output } = await lazuli(['check', 'examples/contoso'], { NO_COLOR: '' });
    expect(output).not.toContain('\u001b[');
  });
});

describe('lazuli init', () => {
  it('makes a folder that check accepts and start serves', async () => {
    const folder = join(scratch, 'fresh');
    expect((await lazuli(['init', folder])).status).toBe(0);
    const check = await lazuli(['check', folder]);
    expect(check.output).toContain('0 errors, 0 warnings');
    expect(check.status).toBe(0);
    const { subscriptions } = JSON.parse(await readFile(join(folder, 'secrets.local.json'), 'utf8'));
    const server = await startLazuli(folder, ['--no-tls', '--data', join(scratch, 'data')]);
    const response = await fetch(`${server.http}/hello/greet/Ada`, {
      headers: { 'Ocp-Apim-Subscription-Key': subscriptions.developer.primaryKey },
    });
    expect(await response.json()).toEqual({ greeting: 'Hello, Ada!' });
    expect(await server.end()).toBe(0);
  });

  it('writes nothing into a folder that has files', async () => {
    const folder = join(scratch, 'used');
    await cp('examples/contoso/tags', folder, { recursive: true });
    const { status, output } = await lazuli(['init', folder]);
    expect(status).toBe(1);
    expect(output).toMatch(/not empty: nothing was written/);
    expect(await readdir(folder)).toEqual(['orders']);
  });
});

describe('lazuli check', () => {
  it('lists every problem with file, line and column; one JSON object a line with --json', async () => {
    const folder = join(scratch, 'broken');
    await lazuli(['init', folder]);
    await writeFile(
      join(folder, 'apis/hello/operations/greet/policy.xml'),
      '<policies>\n    <inbound>\n        <set-header name="a" exists-action="never"><value>@(context.Request.Metod)</value></set-header>\n        <set-hedder name="b" />\n    </inbound>\n</policies>\n',
    );
    await writeFile(join(folder, 'apis/hello/apiInformation.json'), '{ "properties": { "displayName": 1, } }');
    const { status, output } = await lazuli(['check', folder, '--json']);
    expect(status).toBe(1);
    const found = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const one of found)
      expect(Object.keys(one)).toEqual(['code', 'severity', 'file', 'line', 'column', 'message']);
    const policy = found.filter(({ file }) => file === 'apis/hello/operations/greet/policy.xml');
    expect(policy.map(({ line }) => line)).toEqual([3, 3, 4]);
    expect(policy.map(({ message }) => message).join('\n')).toMatch(/never[\s\S]*Metod[\s\S]*set-hedder/);
    expect(found.some(({ file, line }) => file === 'apis/hello/apiInformation.json' && line === 1)).toBe(true);
  });

  it('says that there is no such folder', async () => {
    const { status, output } = await lazuli(['check', join(scratch, 'nowhere')]);
    expect(status).toBe(1);
    expect(output).toMatch(/nowhere/);
  });
});

describe('lazuli start', () => {
  it('refuses a folder with errors and lists them', async () => {
    const { status, output } = await lazuli(['start', join(scratch, 'broken'), '--port', '0', '--no-tls']);
    expect(status).toBe(1);
    expect(output).toMatch(/policy\.xml:3:\d+ error/);
  });

  it('names the port that is taken', async () => {
    const server = await startLazuli(join(scratch, 'fresh'), ['--no-tls']);
    const port = new URL(server.http).port;
    const { status, output } = await lazuli(['start', join(scratch, 'fresh'), '--port', port, '--no-tls']);
    expect(status).toBe(1);
    expect(output).toMatch(new RegExp(`Cannot listen on 127\\.0\\.0\\.1:${port}.*EADDRINUSE`));
    expect(await server.end()).toBe(0);
  });
});

describe('lazuli trust', () => {
  it('makes the authority and says how to trust it', async () => {
    const data = join(scratch, 'trust');
    const { status, output } = await lazuli(['trust', '--data', data]);
    expect(status).toBe(0);
    expect(output).toContain(join(data, 'tls', 'authority.crt'));
    expect((await stat(join(data, 'tls', 'authority.crt'))).isFile()).toBe(true);
    expect(output).not.toContain('PRIVATE KEY');
  });
});
