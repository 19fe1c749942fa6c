import { describe, expect, it } from 'vitest';
import { type FakeServer, problemsOf, runPolicy } from '../testing/index.ts';

async function run(inbound: string, http: FakeServer = () => ({ status: 204 }), body = '{"id":7}') {
  const sent: { url: string; type: string | undefined; body: string }[] = [];
  const result = await runPolicy(
    { inbound },
    {
      request: { method: 'POST', body, headers: { 'Content-Type': 'application/json' } },
      http(request) {
        sent.push({ url: request.url, type: request.headers.get('Content-Type'), body: request.body });
        return http(request);
      },
    },
  );
  return { ...result, sent };
}

describe('publish-to-dapr', () => {
  it('posts the content to the topic', async () => {
    const { status, sent } = await run(
      '<publish-to-dapr pubsub-name="bus" topic="new orders">@(context.Request.Body.As<string>(true))</publish-to-dapr>',
    );
    expect([status, sent]).toEqual([
      200,
      [{ url: 'http://localhost:3500/v1.0/publish/bus/new%20orders', type: 'application/json', body: '{"id":7}' }],
    ]);
  });

  it('takes the component from the topic, and a Liquid template', async () => {
    const { sent } = await run(
      '<publish-to-dapr topic="bus/orders" template="Liquid">{"order":{{body.id}}}</publish-to-dapr>',
    );
    expect(sent[0]).toMatchObject({ url: 'http://localhost:3500/v1.0/publish/bus/orders', body: '{"order":7}' });
  });

  it('fails when the sidecar does, unless it is told to go on', async () => {
    const failing = () => ({ status: 500, body: 'no' });
    const use = (attributes: string) =>
      `<publish-to-dapr topic="a/b" response-variable-name="r" ${attributes}>{}</publish-to-dapr>`;
    const failed = await run(use(''), failing);
    expect([failed.status, failed.exchange.lastError?.reason]).toEqual([500, 'ErrorStatusCode']);
    const ignored = await run(use('ignore-error="true"'), failing);
    expect([ignored.status, ignored.exchange.variables.has('r')]).toEqual([200, true]);
  });

  it('needs the name of a component', async () => {
    expect(problemsOf({ inbound: '<publish-to-dapr topic="orders">{}</publish-to-dapr>' })).toEqual([
      expect.stringContaining("the topic must be 'pubsub-name/topic-name'"),
    ]);
    expect((await run('<publish-to-dapr topic="@("orders")">{}</publish-to-dapr>')).status).toBe(500);
  });
});

describe('invoke-dapr-binding', () => {
  it('posts operation, metadata and data', async () => {
    const { sent } = await run(
      `<invoke-dapr-binding name="queue" operation="create">
        <metadata><item key="ttl">@(5 * 2)</item><item key="kind">x</item></metadata>
        <data>@(context.Request.Body.As<JObject>(true))</data>
      </invoke-dapr-binding>`.replace('@(5 * 2)', '@((5 * 2).ToString())'),
    );
    expect(sent[0]?.url).toBe('http://localhost:3500/v1.0/bindings/queue');
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      operation: 'create',
      metadata: { ttl: '10', kind: 'x' },
      data: { id: 7 },
    });
  });

  it('sends other data as a string, or none', async () => {
    const text = await run(
      '<invoke-dapr-binding name="q" template="liquid"><data>number {{body.id}}</data></invoke-dapr-binding>',
    );
    expect(JSON.parse(text.sent[0]?.body ?? '')).toEqual({ operation: 'create', metadata: {}, data: 'number 7' });
    const none = await run('<invoke-dapr-binding name="q" operation="get" />');
    expect(JSON.parse(none.sent[0]?.body ?? '')).toEqual({ operation: 'get', metadata: {} });
  });

  it('keeps the answer', async () => {
    const { body } = await run(
      `<invoke-dapr-binding name="q" response-variable-name="r" />
       <return-response><set-body>@(((IResponse)context.Variables["r"]).Body.As<string>())</set-body></return-response>`,
      () => ({ body: 'answer' }),
    );
    expect(body).toBe('answer');
  });
});
