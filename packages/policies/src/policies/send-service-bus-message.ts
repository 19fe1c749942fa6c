import { attributeOf } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import { HeaderList } from '../http/header-list.ts';
import { compileContent } from '../message/body-edit.ts';
import { headerNameProblem, headerValueProblem } from '../message/header-rules.ts';
import { errorStatus } from '../outgoing/error-status.ts';
import { holderElement } from '../schema/child-schemas.ts';
import type { AttributeSchema, PolicyDefinition } from '../schema/definition.ts';

const text: AttributeSchema = { type: 'string', expression: true, nonEmpty: true };
const resource = 'https://servicebus.azure.net';
const timeoutMs = 60_000;

/** Sends a message to a queue or a topic of Azure Service Bus, as the gateway's identity. */
export const sendServiceBusMessage: PolicyDefinition = {
  name: 'send-service-bus-message',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ['global', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'queue-name': text,
      'topic-name': text,
      namespace: { ...text, required: true },
      'client-id': { type: 'string', expression: true, note: 'system-assigned identity when absent' },
    },
    children: {
      kind: 'all',
      items: [
        holderElement('message-properties', [
          {
            name: 'message-property',
            min: 0,
            max: Number.POSITIVE_INFINITY,
            element: {
              attributes: { name: { type: 'string', required: true, expression: false, nonEmpty: true } },
              text: { required: false, expression: true },
            },
          },
        ]),
        {
          name: 'payload',
          min: 1,
          max: 1,
          element: { attributes: {}, text: { required: false, expression: true }, children: { kind: 'verbatim' } },
        },
      ],
    },
  },
  validate(element, compiler) {
    if (compiler.has(element, 'queue-name') === compiler.has(element, 'topic-name'))
      compiler.report(element, "Exactly one of the attributes 'queue-name' and 'topic-name' is required.");
    const namespace = attributeOf(element, 'namespace')?.value;
    const problem = namespace?.kind === 'literal' && !namespace.unresolved ? hostProblem(namespace.text) : undefined;
    if (problem) compiler.report(element, problem, namespace?.at);
    const list = compiler.child(element, 'message-properties');
    for (const property of list ? compiler.children(list, 'message-property') : []) {
      const name = attributeOf(property, 'name')?.value;
      const wrong = name && headerNameProblem(name.text);
      if (wrong) compiler.report(property, wrong, name.at);
    }
  },
  compile(element, compiler) {
    const namespace = compiler.string(element, 'namespace');
    const entity = compiler.string(element, compiler.has(element, 'queue-name') ? 'queue-name' : 'topic-name');
    const clientId = compiler.string(element, 'client-id');
    const list = compiler.child(element, 'message-properties');
    const properties = (list ? compiler.children(list, 'message-property') : []).map((property) => ({
      name: compiler.string(property, 'name').constant ?? '',
      value: compiler.text(property),
    }));
    const payload = compiler.child(element, 'payload');
    const body = payload ? compileContent(payload, compiler, null) : () => new Uint8Array(0);

    const headersOf = (exchange: Exchange): HeaderList => {
      const headers = HeaderList.from([['Content-Type', 'application/octet-stream']]);
      for (const { name, value } of properties) {
        // A string is written as in JSON (Service Bus REST API, "Message headers and properties").
        const quoted = JSON.stringify(value.get(exchange) ?? '');
        const problem = headerValueProblem(name, quoted);
        if (problem) throw evaluationFailure(problem);
        headers.set(name, quoted);
      }
      return headers;
    };
    return async (exchange) => {
      const host = (namespace.get(exchange) ?? '').trim();
      const problem = hostProblem(host);
      if (problem) throw evaluationFailure(problem);
      const headers = headersOf(exchange);
      const path = (entity.get(exchange) ?? '').split('/').map(encodeURIComponent).join('/');
      const content = body(exchange);
      const token = await exchange.ports.tokens.acquire(resource, clientId.get(exchange) || null);
      headers.set('Authorization', `Bearer ${token.accessToken}`);
      const response = await exchange.ports.http.send({
        method: 'POST',
        url: `https://${host}/${path}/messages`,
        headers,
        body: content,
        timeoutMs,
        signal: exchange.signal,
      });
      response.body?.abort(new Error('The response is not wanted.'));
      if (response.status < 200 || response.status > 299) throw errorStatus(response.status);
      return undefined;
    };
  },
  notes:
    "Sent by the REST API of Service Bus with a token of the gateway's identity; message properties are strings. What is not accepted is an error.",
};

function hostProblem(value: string): string | undefined {
  const host = value.trim();
  if (/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d{1,5})?$/.test(host)) return undefined;
  return `'${host.slice(0, 200).replace(/[^\x20-\x7e]/g, '?')}' is not the full name of a namespace such as contoso.servicebus.windows.net.`;
}
