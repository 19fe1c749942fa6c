import { attributeOf } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import { compileContent } from '../message/body-edit.ts';
import { compileDaprCall, daprAttributes, isLiquid } from '../outgoing/dapr-call.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Publishes a message to a topic through the Dapr sidecar. */
export const publishToDapr: PolicyDefinition = {
  name: 'publish-to-dapr',
  sections: ['inbound'],
  scopes: ['global', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'pubsub-name': { type: 'string', expression: true, nonEmpty: true },
      topic: { type: 'string', required: true, expression: true, nonEmpty: true },
      'content-type': { type: 'enum', values: ['application/json'], default: 'application/json', expression: false },
      ...daprAttributes,
    },
    text: { required: false, expression: true },
    children: { kind: 'verbatim' },
  },
  validate(element, compiler) {
    const topic = attributeOf(element, 'topic')?.value;
    if (topic?.kind === 'literal' && !compiler.has(element, 'pubsub-name') && !topic.text.includes('/'))
      compiler.report(element, needsPubsub, topic.at);
  },
  compile(element, compiler) {
    const pubsub = compiler.string(element, 'pubsub-name');
    const topic = compiler.string(element, 'topic');
    const body = compileContent(
      element,
      compiler,
      isLiquid(element, compiler) ? { xsiNil: 'blank', parseDate: true, input: 'request' } : null,
    );
    return compileDaprCall(element, compiler, (exchange) => {
      const name = topic.get(exchange) ?? '';
      const component = pubsub.get(exchange);
      if (component) return { path: ['publish', component, name], body: body(exchange) };
      const slash = name.indexOf('/');
      if (slash <= 0) throw evaluationFailure(needsPubsub);
      return { path: ['publish', name.slice(0, slash), name.slice(slash + 1)], body: body(exchange) };
    });
  },
  notes: 'The sidecar is asked at http://localhost:3500. Without pubsub-name, topic is `pubsub-name/topic-name`.',
};

const needsPubsub = "Without 'pubsub-name' the topic must be 'pubsub-name/topic-name'.";
