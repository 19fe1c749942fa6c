import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiFiles, writeFolder } from '../kit/api-folder.ts';
import { send } from '../kit/client.ts';
import { type LazuliProcess, runLazuliCommand, startLazuli } from '../kit/lazuli-process.ts';

const inbound = (text: string) => `<policies><inbound><base />${text}</inbound><backend /><outbound /></policies>`;

describe('lazuli start --workers 3', () => {
  let scratch: string;
  let backend: Server;
  let lazuli: LazuliProcess;
  let port: number;
  const held: ServerResponse[] = [];

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'lazuli-workers-'));
    backend = createServer((_, response) => held.push(response));
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
    await writeFolder(
      join(scratch, 'apis'),
      apiFiles('a', url, {
        rate: inbound('<rate-limit-by-key calls="100" renewal-period="300" counter-key="k" /><return-response />'),
        cached: inbound(
          `<cache-lookup-value key="k" variable-name="v" />
           <choose><when condition="@(!context.Variables.ContainsKey("v"))">
             <set-variable name="v" value="@(context.RequestId.ToString())" />
             <cache-store-value key="k" value="@((string)context.Variables["v"])" duration="300" />
           </when></choose>
           <return-response><set-body>@((string)context.Variables["v"])</set-body></return-response>`,
        ),
        slow: null,
      }),
    );
    lazuli = await startLazuli(join(scratch, 'apis'), [
      '--no-tls',
      '--access-log',
      'off',
      '--workers',
      '3',
      '--data',
      join(scratch, 'data'),
    ]);
    port = Number(new URL(lazuli.http).port);
  });

  afterAll(async () => {
    expect(await lazuli.end()).toBe(0);
    backend.closeAllConnections();
    backend.close();
    await rm(scratch, { recursive: true });
  });

  const get = (operation: string) => send(port, { method: 'GET', target: `/a/${operation}` });
  const many = (count: number, operation: string) => Promise.all(Array.from({ length: count }, () => get(operation)));

  it('runs three processes beside the one that was started', () => {
    expect(childrenOf(lazuli.child.pid ?? 0)).toHaveLength(3);
  });

  it('counts exactly over all of them', async () => {
    const statuses = (await many(160, 'rate')).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(statuses.filter((status) => status === 429)).toHaveLength(60);
  });

  it('shares the cache', async () => {
    const { body } = await get('cached');
    const bodies = new Set((await many(40, 'cached')).map((response) => response.body));
    expect([...bodies]).toEqual([body]);
  });

  it('refuses a port that somebody else has', async () => {
    const other = runLazuliCommand([
      'start',
      join(scratch, 'apis'),
      '--no-tls',
      '--port',
      String(port),
      '--workers',
      '2',
    ]);
    await other.until(/Cannot listen on 127\.0\.0\.1/);
    expect(await other.end()).not.toBe(0);
  });

  it('replaces a worker that dies, and the others lose nothing', async () => {
    const running = Array.from({ length: 30 }, () =>
      get('slow').then(
        ({ status }) => status,
        () => 'broken',
      ),
    );
    await vi.waitFor(() => expect(held).toHaveLength(30), 10_000);
    const workers = childrenOf(lazuli.child.pid ?? 0);
    const victim = workers[1] as number;
    process.kill(victim, 'SIGKILL');
    await lazuli.until(/a worker ended and is replaced/);
    for (const response of held) response.end('done');
    const outcomes = await Promise.all(running);
    expect(new Set(outcomes)).toEqual(new Set([200, 'broken']));
    await vi.waitFor(() => {
      const now = childrenOf(lazuli.child.pid ?? 0);
      expect(now).toHaveLength(3);
      expect(now).not.toContain(victim);
    }, 10_000);
    expect((await many(40, 'cached')).every(({ status }) => status === 200)).toBe(true);
  });
});

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        const stat = readFileSync(`/proc/${one}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false;
      }
    })
    .sort((a, b) => a - b);
}
