import { fork } from 'node:child_process';
import { expect, it } from 'vitest';

/** Contoso's services as `npm start` runs them, on a free port; resolves when they serve. */
async function startServices() {
  const services = fork('examples/contoso-backend/main.ts', ['0'], { execPath: process.execPath });
  const ended = new Promise<number | null>((resolve) => services.once('exit', (code) => resolve(code)));
  await new Promise((resolve) => services.once('message', resolve));
  return { services, ended };
}

it('end when they are asked to, however long whoever started them stays', async () => {
  const { services, ended } = await startServices();
  services.kill('SIGTERM');
  expect(await ended).toBe(0);
});

it('end when whoever started them is gone', async () => {
  const { services, ended } = await startServices();
  services.disconnect();
  expect(await ended).toBe(0);
});

it('leave Ctrl-C to the gateway in front of them, which drains first', async () => {
  const { services, ended } = await startServices();
  services.kill('SIGINT');
  services.disconnect();
  expect(await ended).toBe(0);
});
