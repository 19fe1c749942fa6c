import { describe, expect, it } from 'vitest';
import { healthPath, statusPath } from '../health.ts';
import { api, backend as entity, operation, policy } from '../testing/model.ts';
import { type Http, serving } from '../testing/serving.ts';

const any = [operation('GET /*'), operation('POST /*')];
const policies = (sections: string) => policy(`<policies>${sections}</policies>`);
const inbound = (text: string) =>
  policies(`<inbound><base />${text}</inbound><backend><base /></backend><outbound><base /></outbound>`);

/** What the gateway does, whichever HTTP stands below it. */
export function describeServing(http: Http): void {
  describe('the gateway', () => {
    const { backend, gateway } = serving(http);

    it('lets a running request keep its configuration', async () => {
      const target = await backend();
      let release = () => {};
      const arrived = new Promise<void>((resolve) => {
        target.answer = (_, response) => {
          release = () => response.end('old');
          resolve();
        };
      });
      const outbound = policies(
        '<inbound /><backend><forward-request /></backend><outbound><set-header name="X-Old" exists-action="override"><value>1</value></set-header></outbound>',
      );
      const { send, swap } = await gateway({
        apis: [api('a', { serviceUrl: target.url, operations: any, policy: outbound })],
      });
      const running = send('GET /a/x');
      await arrived;
      swap({});
      expect((await send('GET /a/x')).status).toBe(404);
      release();
      expect(await running).toMatchObject({ status: 200, body: 'old', headers: { 'x-old': '1' } });
    });

    it('shows its health without secrets and says when it drains', async () => {
      const { send, gateway: subject } = await gateway({
        apis: [api('a')],
        backends: [entity('b', { url: 'http://user:password@127.0.0.1:1' })],
      });
      expect(await send(`GET ${statusPath}`)).toMatchObject({ status: 200, body: '' });
      const { body } = await send(`GET ${healthPath}`);
      expect(JSON.parse(body)).toMatchObject({
        status: 'healthy',
        configuration: { apis: 1 },
        backends: [{ name: 'b', available: true }],
      });
      expect(body).not.toContain('password');
      subject.startDraining();
      expect((await send(`GET ${statusPath}`)).status).toBe(503);
      expect((await send('GET /a')).status).toBe(404);
    });

    it('answers 500 and runs on-error when an expression of a cors policy fails', async () => {
      const cors = policies(
        '<inbound><cors><allowed-origins><origin>@(((string)null).Trim())</origin></allowed-origins></cors></inbound><backend /><outbound /><on-error><set-header name="X-Seen" exists-action="override"><value>yes</value></set-header></on-error>',
      );
      const { send, records } = await gateway({ apis: [api('a', { operations: any, policy: cors })] });
      const headers = { Origin: 'https://app.example', 'Access-Control-Request-Method': 'GET' };
      expect(await send('OPTIONS /a/x', { headers })).toMatchObject({ status: 500, headers: { 'x-seen': 'yes' } });
      expect(records).toMatchObject([{ lastErrorReason: 'ExpressionValueEvaluationFailure' }]);
    });

    it('answers a preflight before keys are checked, unless the API has an OPTIONS operation', async () => {
      const target = await backend();
      const cors = inbound(
        '<cors><allowed-origins><origin>https://app.example</origin></allowed-origins><allowed-headers><header>*</header></allowed-headers></cors>',
      );
      const { send } = await gateway({
        apis: [
          api('a', { serviceUrl: target.url, subscriptionRequired: true, operations: any, policy: cors }),
          api('own', {
            serviceUrl: target.url,
            operations: [operation('OPTIONS /x'), operation('GET /x')],
            policy: cors,
          }),
        ],
      });
      const headers = { Origin: 'https://app.example', 'Access-Control-Request-Method': 'GET' };
      expect(await send('OPTIONS /a/x', { headers })).toMatchObject({
        status: 200,
        headers: { 'access-control-allow-origin': 'https://app.example' },
      });
      expect(target.received).toEqual([]);
      await send('OPTIONS /own/x', { headers });
      expect(target.received).toMatchObject([{ method: 'OPTIONS', url: '/x' }]);
      expect((await send('OPTIONS /a/x', { headers: { Origin: 'https://app.example' } })).status).toBe(404);
    });
  });
}
