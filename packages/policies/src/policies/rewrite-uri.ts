import { attributeOf } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import { formatQuery, parseQuery, sameName } from '../http/query-string.ts';
import {
  parametersOf,
  parseRewriteTemplate,
  type RewriteTemplate,
  renderPath,
  renderQuery,
} from '../http/rewrite-template.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Replaces the path below the API suffix, and the query that the operation's URL template matched. */
export const rewriteUri: PolicyDefinition = {
  name: 'rewrite-uri',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      template: { type: 'string', required: true, expression: true },
      'copy-unmatched-params': { type: 'boolean', default: 'true', expression: true },
    },
  },
  validate(element, compiler) {
    const template = attributeOf(element, 'template')?.value;
    if (template?.kind !== 'literal') return;
    const problem = absoluteProblem(template.text);
    if (problem) compiler.report(element, problem, template.at);
  },
  compile(element, compiler) {
    const template = compiler.string(element, 'template');
    const copy = compiler.boolean(element, 'copy-unmatched-params');
    const literal = typeof template.constant === 'string' ? parseRewriteTemplate(template.constant) : undefined;
    return (exchange) => {
      rewrite(exchange, literal ?? parseGiven(template.get(exchange) ?? ''), literal !== undefined, copy.get(exchange));
      return undefined;
    };
  },
  notes:
    'copy-unmatched-params is true by default (the page; the XSD says false). Query parameters that the template names are not copied. A placeholder that names no parameter of the operation is an error in a literal template and text in one that an expression gives.',
};

function rewrite(exchange: Exchange, template: RewriteTemplate, isLiteral: boolean, copyUnmatched: boolean): void {
  const { operation, matchedParameters } = exchange.match;
  const known = new Set([
    ...parametersOf(parseRewriteTemplate(operation.urlTemplate)),
    ...operation.templateParameters.map((parameter) => parameter.name),
  ]);
  const values = (name: string): string | undefined => {
    const matched = matchedParameters.get(name);
    // Undefined: an optional query parameter that the caller left out.
    if (matched !== undefined || known.has(name)) return matched;
    if (!isLiteral) return `{${name}}`;
    throw evaluationFailure(
      `The template names '{${name}}', which is not a parameter of the operation '${operation.name}' ('${operation.urlTemplate}').`,
    );
  };

  const path = renderPath(template, values, (name) => operation.urlTemplate.includes(`{*${name}}`));
  const query = parseQuery(renderQuery(template, values));
  if (copyUnmatched) {
    const matched = parseQuery(operation.urlTemplate.split('?', 2)[1] ?? '');
    const taken = [...matched, ...query].map((pair) => pair.name);
    for (const pair of parseQuery(exchange.request.url.query))
      if (!taken.some((name) => sameName(name, pair.name))) query.push(pair);
  }
  exchange.request.url.path = path;
  exchange.request.url.query = formatQuery(query);
}

function parseGiven(text: string): RewriteTemplate {
  const problem = absoluteProblem(text);
  if (problem) throw evaluationFailure(problem);
  return parseRewriteTemplate(text);
}

/** A template is a path: the host is `set-backend-service`'s business. */
function absoluteProblem(text: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? `The template '${text.slice(0, 100)}' is an absolute URL; expected a path such as /orders/{id}. Use set-backend-service to change the host.`
    : undefined;
}
