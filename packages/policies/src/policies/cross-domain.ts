import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import { holderElement } from '../schema/child-schemas.ts';
import type { AttributeSchema, ChildSchema, PolicyDefinition } from '../schema/definition.ts';
import { reportRepetition } from '../schema/only-once.ts';

const unbounded = Number.POSITIVE_INFINITY;
const text: AttributeSchema = { type: 'string', required: true, expression: false, nonEmpty: true };
const secure: AttributeSchema = { type: 'enum', values: ['true', 'false'], default: 'true', expression: false };

const rule = (name: string, attributes: Readonly<Record<string, AttributeSchema>>): ChildSchema => ({
  name,
  min: 0,
  max: unbounded,
  element: { attributes },
});

/** Patterns of Adobe's specification, as the policy's schema has them. */
const patterns: Readonly<Record<string, RegExp>> = {
  domain: /^(\*|\*?[A-Za-z0-9.-]+)$/,
  headers: /^(\*|[\x21-\x29\x2b\x2d-\x39\x3b-\x7e]+\*?(,[\x21-\x29\x2b\x2d-\x39\x3b-\x7e]+\*?)*)$/,
};

/** Where Flash and Silverlight ask what they may do with a host (Adobe, "Cross-domain policy file specification"). */
export const crossDomainPath = '/crossdomain.xml';

/** Serves the cross-domain policy file of Adobe Flash and Microsoft Silverlight. */
export const crossDomain: PolicyDefinition = {
  name: 'cross-domain',
  sections: ['inbound'],
  scopes: ['global'],
  element: {
    attributes: {},
    children: {
      kind: 'sequence',
      items: [
        holderElement('cross-domain-policy', [
          {
            name: 'site-control',
            min: 0,
            max: 1,
            element: {
              attributes: {
                'permitted-cross-domain-policies': {
                  type: 'enum',
                  values: ['all', 'by-content-type', 'master-only', 'none'],
                  required: true,
                  expression: false,
                },
              },
            },
          },
          rule('allow-access-from', { domain: text, secure }),
          rule('allow-http-request-headers-from', { domain: text, headers: text, secure }),
        ]),
      ],
    },
  },
  validate(element, compiler) {
    reportRepetition(element, compiler, 'section');
    for (const one of rulesOf(element))
      for (const { name, value } of one.attributes)
        if (patterns[name]?.test(value.text) === false)
          compiler.report(one, `The attribute '${name}' is '${value.written}': no pattern of ${name}.`, value.at);
  },
  compile(element, compiler) {
    const file = Buffer.from(fileOf(element, compiler));
    compiler.onPreflight((exchange) => {
      const { method, originalUrl } = exchange.request;
      if (originalUrl.path !== crossDomainPath || (method !== 'GET' && method !== 'HEAD')) return 'unmatched';
      exchange.response = {
        status: 200,
        reason: 'OK',
        headers: HeaderList.from([['Content-Type', 'text/x-cross-domain-policy']]),
        body: MessageBody.fromBytes(file),
      };
      return 'answered';
    });
    return () => undefined;
  },
  notes:
    'The file is served at /crossdomain.xml of the gateway when no API has that path, without a subscription; no other policy runs for it.',
};

function rulesOf(element: PolicyElement): readonly PolicyElement[] {
  return element.children.flatMap(({ children }) => children);
}

function fileOf(element: PolicyElement, compiler: PolicyCompiler): string {
  const policy = compiler.child(element, 'cross-domain-policy');
  const lines = (policy?.children ?? []).map((one) => {
    const attributes = one.attributes
      .filter(({ name }) => name !== 'id')
      .map(({ name }) => ` ${name}="${escaped(attributeOf(one, name)?.value.text ?? '')}"`);
    return `  <${one.name}${attributes.join('')}/>\n`;
  });
  return `<?xml version="1.0"?>\n<cross-domain-policy>\n${lines.join('')}</cross-domain-policy>\n`;
}

const escaped = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
