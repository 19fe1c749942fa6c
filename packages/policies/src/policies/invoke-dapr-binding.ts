import { compileContent } from '../message/body-edit.ts';
import { messageOf } from '../message/response-of.ts';
import { compileDaprCall, daprAttributes, isLiquid } from '../outgoing/dapr-call.ts';
import { holderElement } from '../schema/child-schemas.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Invokes an output binding through the Dapr sidecar. */
export const invokeDaprBinding: PolicyDefinition = {
  name: 'invoke-dapr-binding',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ['global', 'product', 'api', 'operation'],
  element: {
    attributes: {
      name: { type: 'string', required: true, expression: true, nonEmpty: true },
      operation: { type: 'string', default: 'create', expression: false, nonEmpty: true },
      ...daprAttributes,
    },
    children: {
      kind: 'sequence',
      items: [
        holderElement('metadata', [
          {
            name: 'item',
            min: 0,
            max: Number.POSITIVE_INFINITY,
            element: {
              attributes: { key: { type: 'string', required: true, expression: false, nonEmpty: true } },
              text: { required: false, expression: true },
            },
          },
        ]),
        {
          name: 'data',
          min: 0,
          max: 1,
          element: { attributes: {}, text: { required: false, expression: true }, children: { kind: 'verbatim' } },
        },
      ],
    },
  },
  compile(element, compiler) {
    const name = compiler.string(element, 'name');
    const operation = compiler.string(element, 'operation').constant ?? 'create';
    const list = compiler.child(element, 'metadata');
    const metadata = (list ? compiler.children(list, 'item') : []).map((item) => ({
      key: compiler.string(item, 'key').constant ?? '',
      value: compiler.text(item),
    }));
    const dataElement = compiler.child(element, 'data');
    const liquid = { xsiNil: 'blank', parseDate: true, input: messageOf(compiler.section) } as const;
    const data = dataElement
      ? compileContent(dataElement, compiler, isLiquid(element, compiler) ? liquid : null)
      : null;
    return compileDaprCall(element, compiler, (exchange) => ({
      path: ['bindings', name.get(exchange) ?? ''],
      body: Buffer.from(
        JSON.stringify({
          operation,
          metadata: Object.fromEntries(metadata.map(({ key, value }) => [key, value.get(exchange) ?? ''])),
          ...(data ? { data: jsonOrText(Buffer.from(data(exchange)).toString()) } : {}),
        }),
      ),
    }));
  },
  notes: 'The sidecar is asked at http://localhost:3500. Data that is JSON is sent as JSON, any other as a string.',
};

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
